package io.tessellate.worker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a run that it is to stop at the next step, with a checkpoint. */
final class Cancellation {
    private final CountDownLatch cancelled = new CountDownLatch(1);

    void cancel() {
        cancelled.countDown();
    }

    boolean isCancelled() {
        return cancelled.getCount() == 0;
    }

    void check() {
        if (isCancelled()) {
            throw stopped();
        }
    }

    /** Waits, unless cancelled. */
    void pause(long millis) {
        try {
            if (cancelled.await(millis, TimeUnit.MILLISECONDS)) {
                throw stopped();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TessellateException(ErrorCode.INTERRUPTED, "the run was interrupted", e);
        }
    }

    private static TessellateException stopped() {
        return new TessellateException(ErrorCode.INTERRUPTED, "the run was stopped and goes on from its checkpoint");
    }
}
