package io.tessellate.runtime.retry;

import io.tessellate.error.RetriableException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again, after growing pauses, what failed with a {@link RetriableException}. Any other failure goes up at once, since
 * it would come again; so does the last one when the attempts are used up.
 */
public final class Retry {
    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

    private final Backoff backoff;
    private final Pause pause;
    private final Consumer<RetriableException> waiting;

    /**
     * A way of trying again.
     *
     * @param pause waits between two attempts, and ends them by its exception
     * @param waiting told what is waited for, before each pause
     */
    public Retry(Backoff backoff, Pause pause, Consumer<RetriableException> waiting) {
        this.backoff = backoff;
        this.pause = pause;
        this.waiting = waiting;
    }

    /** One that tells only the log. */
    public Retry(Backoff backoff, Pause pause) {
        this(backoff, pause, failure -> {});
    }

    /** What the work comes to. */
    public <T> T call(Supplier<? extends T> work) {
        for (int failures = 1; ; failures++) {
            try {
                return work.get();
            } catch (RetriableException e) {
                if (failures >= backoff.attempts()) {
                    throw e;
                }
                waitAfter(failures, e);
            }
        }
    }

    /** The same for work without a result. */
    public void run(Runnable work) {
        Boolean done = call(() -> {
            work.run();
            return Boolean.TRUE;
        });
        assert done;
    }

    private void waitAfter(int failures, RetriableException failure) {
        LOG.warn("tried {} times, waits for {}: {}", failures, backoff.after(failures), failure.getMessage());
        waiting.accept(failure);
        pause.pause(backoff.after(failures));
    }
}
