package io.tessellate.registry.client;

/** Somebody hears of every event of a log, until this is closed. */
@FunctionalInterface
public interface Following extends AutoCloseable {
    @Override
    void close();
}
