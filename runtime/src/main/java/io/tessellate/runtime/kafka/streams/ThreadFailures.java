package io.tessellate.runtime.kafka.streams;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts by cause what stream threads died of. Every thread is replaced, after a pause that grows with the times its cause has
 * struck, so that partitions without fault go on between two deaths. A cause that strikes again and again, and is no dependency
 * that is away, needs a person: the application is then not ready and says where and why, until the cause has stayed away.
 */
final class ThreadFailures {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadFailures.class);

    /** So many deaths of one cause are no accident. */
    private static final int LIMIT = 4;

    private static final long FORGOTTEN_AFTER_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final int MOST_DOUBLINGS = 6;

    private final String name;
    private final LongSupplier nanos;
    private final Pause pause;
    private final Map<FailureCause, Strikes> causes = new HashMap<>();

    /** Waits between a death and the next life. */
    @FunctionalInterface
    interface Pause {
        void millis(long time);
    }

    private record Strikes(int number, long last) {}

    /**
     * Nothing has failed yet.
     *
     * @param name of the application
     * @param nanos a clock that only goes forward
     */
    ThreadFailures(String name, LongSupplier nanos, Pause pause) {
        this.name = name;
        this.nanos = nanos;
        this.pause = pause;
    }

    StreamThreadExceptionResponse onFailure(Throwable failure) {
        FailureCause cause = FailureCause.of(failure);
        int number = strike(cause);
        if (cause.mayPass()) {
            LOG.warn("{}: a stream thread is replaced, what it needs is away ({} in a row): {}", name, number, cause);
        } else if (number < LIMIT) {
            LOG.error("{}: a stream thread died and is replaced (death {} of this cause)", name, number, failure);
        } else {
            LOG.error("{} NEEDS A PERSON: its thread died {} times of {}", name, number, cause, failure);
        }
        pause.millis(Math.min(FIRST_PAUSE_MILLIS << Math.min(number - 1, MOST_DOUBLINGS), LONGEST_PAUSE_MILLIS));
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private synchronized int strike(FailureCause cause) {
        forget();
        Strikes now = new Strikes(causes.getOrDefault(cause, new Strikes(0, 0)).number() + 1, nanos.getAsLong());
        causes.put(cause, now);
        return now.number();
    }

    private void forget() {
        causes.values().removeIf(strikes -> nanos.getAsLong() - strikes.last() > FORGOTTEN_AFTER_NANOS);
    }

    /** What only a person can help with, in one line; empty while nothing is of that kind. */
    synchronized Optional<String> beyondHelp() {
        forget();
        return causes.entrySet().stream()
                .filter(entry ->
                        entry.getValue().number() >= LIMIT && !entry.getKey().mayPass())
                .map(entry -> "stopped %d times by the same failure and tries on: %s"
                        .formatted(entry.getValue().number(), entry.getKey()))
                .reduce((one, other) -> one + "; " + other);
    }
}
