package io.tessellate.runtime.kafka.streams;

import io.tessellate.topic.SchemaRegistryFailures;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.TaskMigratedException;

/** Tells what can pass by itself from what stays as it is however often it is tried. */
final class FailureChain {
    private FailureChain() {}

    /** Whether broker, registry or network are away for now. */
    static boolean mayPass(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof io.tessellate.error.RetriableException
                    || cause instanceof RetriableException
                    || cause instanceof TimeoutException
                    || cause instanceof TaskMigratedException) {
                return true;
            }
        }
        return SchemaRegistryFailures.mayPass(failure);
    }

    /** What all other failures of a chain come from. */
    static Throwable innermost(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost;
    }
}
