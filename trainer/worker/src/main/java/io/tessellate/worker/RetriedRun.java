package io.tessellate.worker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.kafka.Cancellation;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that is begun again, from its checkpoint and after a growing pause, while something it needs is away; and that is
 * published as failed, so that the next task can proceed, when the fault is its own or ours.
 */
final class RetriedRun {
    private static final Logger LOG = LoggerFactory.getLogger(RetriedRun.class);
    private static final long FIRST_PAUSE = 500;
    private static final long LONGEST_PAUSE = 30_000;

    private final Supplier<Attempt> attempts;
    private final Cancellation cancellation;

    /** One try. */
    interface Attempt {
        /** Goes to the end; throws INTERRUPTED if cancelled, a retriable code if something was away. */
        void execute();

        /** Ends the run as failed. */
        void fail(ErrorCode code, String message);
    }

    RetriedRun(Supplier<Attempt> attempts, Cancellation cancellation) {
        this.attempts = attempts;
        this.cancellation = cancellation;
    }

    /** Runs to the verdict; {@code waiting} hears what it has to wait for. */
    void execute(Consumer<String> waiting) {
        long pause = FIRST_PAUSE;
        while (!attempt(waiting)) {
            cancellation.pause(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
    }

    private boolean attempt(Consumer<String> waiting) {
        cancellation.check();
        Attempt execution = attempts.get();
        try {
            execution.execute();
            return true;
        } catch (TessellateException e) {
            if (e.code() == ErrorCode.INTERRUPTED) {
                throw e;
            }
            LOG.warn("the run waits for what it needs: {}", e.getMessage());
            waiting.accept(String.valueOf(e.getMessage()));
            return false;
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("the run met a defect", e);
            execution.fail(ErrorCode.DEFECT, e.toString());
            return true;
        }
    }
}
