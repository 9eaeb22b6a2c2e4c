package io.tessellate.runtime.kafka;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.topic.SchemaRegistryFailures;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;

/** Says what a failure of a Kafka client means to whoever waits for the result. */
public final class KafkaFailures {
    private KafkaFailures() {}

    /** Whether the same call may succeed later: the broker or schema registry is away, or refuses us for now. */
    public static boolean mayPass(Throwable failure) {
        if (failure instanceof SerializationException) {
            return SchemaRegistryFailures.mayPass(failure) || SchemaRegistryFailures.isRefusal(failure);
        }
        return failure instanceof org.apache.kafka.common.errors.RetriableException
                || failure instanceof TimeoutException
                || isRefusal(failure);
    }

    /**
     * The exception of ours for one of a client's, or of a future of it.
     *
     * @param what could not be done, as a clause
     */
    public static TessellateException of(String what, Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof InterruptException || cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new StoppedException("%s: interrupted".formatted(what), cause);
        }
        String message = "%s: %s".formatted(what, said(cause));
        if (isRefusal(cause)) {
            return new RetriableException(ErrorCode.NOT_AUTHENTICATED, message, cause);
        }
        return mayPass(cause)
                ? new RetriableException(ErrorCode.UNAVAILABLE_DEPENDENCY, message, cause)
                : new TessellateException(ErrorCode.DEFECT, message, cause);
    }

    /** Whether the broker or the schema registry refused who we are: a wrong password, a missing right. */
    public static boolean isRefusal(Throwable failure) {
        return failure instanceof AuthenticationException
                || failure instanceof AuthorizationException
                || SchemaRegistryFailures.isRefusal(failure);
    }

    private static String said(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
