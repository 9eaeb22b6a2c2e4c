package io.tessellate.runtime.kafka.work;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How much of a kind of work is done at once: who wants to work waits for a turn, in the order of asking, and gives it back
 * at the end. Whatever waits for something else holds no turn meanwhile.
 */
public final class Turns {
    private static final long LOOK_MILLIS = 100;

    private final Semaphore free;

    /** Turns for so many at a time. */
    public Turns(int atOnce) {
        this.free = new Semaphore(atOnce, true);
    }

    /**
     * Does some work when its turn comes.
     *
     * @throws io.tessellate.error.StoppedException if the stop is asked for while it waits
     */
    public <T> T take(Cancellation cancellation, Supplier<? extends T> work) {
        await(cancellation);
        try {
            return work.get();
        } finally {
            free.release();
        }
    }

    private void await(Cancellation cancellation) {
        cancellation.check();
        try {
            while (!free.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                cancellation.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Cancellation.interrupted(e);
        }
    }
}
