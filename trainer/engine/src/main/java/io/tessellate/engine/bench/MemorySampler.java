package io.tessellate.engine.bench;

import io.tessellate.engine.backend.Backend;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Looks at a backend's vectors and the Java heap again and again, and remembers the most of each. */
final class MemorySampler implements AutoCloseable {
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

    private final Backend backend;
    private final Thread thread;
    private volatile boolean over;
    private long vectors;
    private long heap;

    MemorySampler(Backend backend) {
        this.backend = backend;
        this.thread = new Thread(this::watch, "memory sampler");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        while (!over) {
            look();
            LockSupport.parkNanos(PAUSE);
        }
    }

    synchronized void look() {
        vectors = Math.max(vectors, backend.memory().allocatedBytes());
        heap = Math.max(heap, Runtime.getRuntime().totalMemory());
    }

    synchronized long vectors() {
        return vectors;
    }

    synchronized long heap() {
        return heap;
    }

    @Override
    public void close() {
        over = true;
        LockSupport.unpark(thread);
    }
}
