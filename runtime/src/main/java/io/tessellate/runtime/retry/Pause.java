package io.tessellate.runtime.retry;

import io.tessellate.error.StoppedException;
import java.time.Duration;

/** How time passes between two attempts, and who may end the wait. */
@FunctionalInterface
public interface Pause {
    /**
     * Waits.
     *
     * @throws StoppedException as soon as whoever waits is asked to stop
     */
    void pause(Duration length);

    /** A wait of the thread that only an interrupt ends. */
    static Pause ofThread() {
        return length -> {
            try {
                Thread.sleep(length.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoppedException("stopped while waiting for a dependency", e);
            }
        };
    }
}
