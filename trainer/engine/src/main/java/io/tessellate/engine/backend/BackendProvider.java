package io.tessellate.engine.backend;

/** Makes one kind of {@link Backend}; found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {
    /** The name the backend is chosen by. */
    String name();

    /** Opens it, or fails saying what is missing on this machine. It never opens another one instead. */
    Backend open();
}
