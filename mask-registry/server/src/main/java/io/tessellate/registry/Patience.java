package io.tessellate.registry;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again what a dependency refused, for a while. When the while is over the failure goes up, the transaction is
 * aborted and Streams starts the task again: nothing is lost, and the process is seen to be in trouble.
 *
 * @param attempts how often something is tried
 * @param pause wait between two attempts
 */
record Patience(int attempts, Duration pause) {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

    /** Long enough that a thread dies at most four times a minute. */
    static Patience usual() {
        return new Patience(16, Duration.ofSeconds(1));
    }

    static Patience none() {
        return new Patience(1, Duration.ZERO);
    }

    <T> T call(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (TessellateException e) {
                if (!e.code().retriable() || attempt >= attempts) {
                    throw e;
                }
                LOG.warn("attempt {} of {} failed: {}", attempt, attempts, e.getMessage());
                sleep();
            }
        }
    }

    private void sleep() {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TessellateException(ErrorCode.INTERRUPTED, "stopped while waiting for a dependency", e);
        }
    }
}
