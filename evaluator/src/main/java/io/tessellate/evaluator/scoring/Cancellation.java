package io.tessellate.evaluator.scoring;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells the evaluation of a version that it is to stop before the next score. */
final class Cancellation {
    private final CountDownLatch cancelled = new CountDownLatch(1);

    void cancel() {
        cancelled.countDown();
    }

    void check() {
        if (cancelled.getCount() == 0) {
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
            throw new TessellateException(ErrorCode.INTERRUPTED, "the evaluation was interrupted", e);
        }
    }

    private static TessellateException stopped() {
        return new TessellateException(ErrorCode.INTERRUPTED, "the evaluation was stopped and begins again later");
    }
}
