package io.tessellate.worker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.runtime.kafka.Cancellation;
import io.tessellate.runtime.kafka.Consumed;
import java.util.function.Consumer;
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

    private final RunExecution.Parts parts;
    private final TaskEvent event;
    private final Consumed consumed;
    private final Cancellation cancellation;

    RetriedRun(RunExecution.Parts parts, TaskEvent event, Consumed consumed, Cancellation cancellation) {
        this.parts = parts;
        this.event = event;
        this.consumed = consumed;
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
        RunExecution execution = new RunExecution(parts, event, consumed, cancellation);
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
