package io.tessellate.runtime.kafka.work;

import io.tessellate.error.StoppedException;
import io.tessellate.runtime.retry.Pause;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a piece of work that it is to stop where it can go on later. */
public final class Cancellation implements Pause {
    private final CountDownLatch cancelled = new CountDownLatch(1);

    /** Asks for the stop. */
    public void cancel() {
        cancelled.countDown();
    }

    /** Whether the stop was asked for. */
    public boolean isCancelled() {
        return cancelled.getCount() == 0;
    }

    /** Throws a {@link StoppedException} if the stop was asked for. */
    public void check() {
        if (isCancelled()) {
            throw stopped();
        }
    }

    @Override
    public void pause(Duration length) {
        pause(length.toMillis());
    }

    /** Waits, and throws as soon as the stop is asked for. */
    public void pause(long millis) {
        try {
            if (cancelled.await(millis, TimeUnit.MILLISECONDS)) {
                throw stopped();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    static StoppedException interrupted(InterruptedException e) {
        return new StoppedException("the work was interrupted", e);
    }

    private static StoppedException stopped() {
        return new StoppedException("the work was stopped and goes on later");
    }
}
