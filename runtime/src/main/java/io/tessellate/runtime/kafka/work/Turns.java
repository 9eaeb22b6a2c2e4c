package io.tessellate.runtime.kafka.work;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How much of a kind of work is done at once: who wants to work waits for a turn, in the order of asking, and gives it back
 * at the end. Whatever waits for something else holds no turn meanwhile.
 */
public final class Turns {
    private static final long LOOK_MILLIS = 100;

    private final Deque<CountDownLatch> waiting = new ArrayDeque<>();
    private int free;

    /** Turns for so many at a time. */
    public Turns(int atOnce) {
        this.free = atOnce;
    }

    /**
     * Does some work when its turn comes.
     *
     * @throws io.tessellate.error.StoppedException if the stop is asked for while it waits
     */
    public <T> T take(Cancellation cancellation, Supplier<? extends T> work) {
        cancellation.check();
        Optional<CountDownLatch> place = ask();
        if (place.isPresent()) {
            await(place.get(), cancellation);
        }
        try {
            return work.get();
        } finally {
            giveBack();
        }
    }

    /** A place in the queue, unless a turn is free. */
    private synchronized Optional<CountDownLatch> ask() {
        if (free > 0) {
            free--;
            return Optional.empty();
        }
        CountDownLatch place = new CountDownLatch(1);
        waiting.add(place);
        return Optional.of(place);
    }

    private void await(CountDownLatch place, Cancellation cancellation) {
        boolean taken = false;
        try {
            while (!place.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                cancellation.check();
            }
            taken = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Cancellation.interrupted(e);
        } finally {
            if (!taken) {
                leave(place);
            }
        }
    }

    /** A turn may have come to whoever leaves: the next one has it. */
    private synchronized void leave(CountDownLatch place) {
        if (!waiting.remove(place)) {
            giveBack();
        }
    }

    private synchronized void giveBack() {
        CountDownLatch next = waiting.poll();
        if (next == null) {
            free++;
        } else {
            next.countDown();
        }
    }
}
