package io.tessellate.worker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.runtime.kafka.SendFailures;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.kafka.work.Waiting;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Retry;
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
    /** What went wrong must fit into a record, whatever a library puts into its message. */
    private static final int LONGEST_MESSAGE = 4000;

    private final Supplier<Attempt> attempts;
    private final Cancellation cancellation;

    /** One try. */
    interface Attempt {
        /** Goes to the end; stopped if cancelled, retriable if something was away. */
        void execute();

        /** Ends the run as failed. */
        void fail(ErrorCode code, String message);
    }

    RetriedRun(Supplier<Attempt> attempts, Cancellation cancellation) {
        this.attempts = attempts;
        this.cancellation = cancellation;
    }

    /** Runs to the verdict; {@code waiting} hears what it has to wait for. */
    void execute(Waiting waiting) {
        new Retry(
                        Backoff.endless(),
                        cancellation,
                        failure -> waiting.waitsFor(failure.code(), String.valueOf(failure.getMessage())))
                .run(this::attempt);
    }

    private void attempt() {
        cancellation.check();
        Attempt execution = attempts.get();
        try {
            execution.execute();
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (KafkaException e) {
            if (!SendFailures.isOfTheRecord(e)) {
                throw SendFailures.of(e);
            }
            defect(execution, e);
        } catch (RuntimeException | Error e) {
            defect(execution, e);
        }
    }

    private static void defect(Attempt execution, Throwable failure) {
        LOG.error("the run met a defect", failure);
        execution.fail(ErrorCode.DEFECT, shortened(failure.toString()));
    }

    /** A message that fits. */
    static String shortened(String message) {
        return message.length() <= LONGEST_MESSAGE
                ? message
                : "%s ... (%d characters)".formatted(message.substring(0, LONGEST_MESSAGE), message.length());
    }
}
