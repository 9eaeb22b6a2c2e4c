package io.tessellate.runtime.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what becomes of a Streams application whose thread died: a few deaths are survived, a series is not. */
final class ThreadFailures {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadFailures.class);

    private final int limit;
    private final long windowNanos;
    private final Deque<Long> times = new ArrayDeque<>();
    private volatile boolean exhausted;
    private volatile String last = "none";

    ThreadFailures(int limit, Duration window) {
        this.limit = limit;
        this.windowNanos = window.toNanos();
    }

    synchronized StreamThreadExceptionResponse onFailure(Throwable failure) {
        long now = System.nanoTime();
        times.addLast(now);
        while (now - times.getFirst() > windowNanos) {
            times.removeFirst();
        }
        last = String.valueOf(failure);
        exhausted = times.size() > limit;
        LOG.error("stream thread died ({} of {} in a row)", times.size(), limit + 1, failure);
        return exhausted ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT : StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    boolean exhausted() {
        return exhausted;
    }

    String last() {
        return last;
    }
}
