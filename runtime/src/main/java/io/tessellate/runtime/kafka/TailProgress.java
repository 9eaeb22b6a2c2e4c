package io.tessellate.runtime.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;

/** How far a tail has come, and those who wait for it. */
final class TailProgress {
    private static final long LOOK_AGAIN_MILLIS = 1000;

    private final CatchUp.Question ends;
    private final Object changed = new Object();
    private final List<CatchUp> waiting = new ArrayList<>();

    /** The progress of a tail that has not begun. */
    TailProgress(CatchUp.Question ends) {
        this.ends = ends;
    }

    /** The point where the topic ends when the tail next looks. */
    CatchUp mark() {
        CatchUp catchUp = new CatchUp(ends);
        synchronized (changed) {
            waiting.add(catchUp);
        }
        return catchUp;
    }

    /**
     * Waits until a condition holds; it is looked at after every signal, and now and then.
     *
     * @param check throws where waiting is of no use any more
     * @return whether it came to hold in time
     */
    boolean await(BooleanSupplier condition, Duration timeout, Runnable check) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        synchronized (changed) {
            while (!condition.getAsBoolean()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                check.run();
                changed.wait(Math.min(left, LOOK_AGAIN_MILLIS));
            }
            return true;
        }
    }

    /** Whether somebody waits for a point of the log. */
    boolean isAwaited() {
        synchronized (changed) {
            return !waiting.isEmpty();
        }
    }

    /** Looks which marks the consumer has come to; in the consumer's thread only. */
    void advance(Consumer<?, ?> consumer) {
        List<CatchUp> open;
        synchronized (changed) {
            open = List.copyOf(waiting);
        }
        for (CatchUp catchUp : open) {
            catchUp.check(consumer);
        }
        synchronized (changed) {
            waiting.removeIf(CatchUp::reached);
            changed.notifyAll();
        }
    }

    /** Lets everybody who waits look at what they wait for. */
    void signal() {
        synchronized (changed) {
            changed.notifyAll();
        }
    }
}
