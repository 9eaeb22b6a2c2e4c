package io.tessellate.runtime.kafka;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/** What a failure of one of Kafka's clients means, in one place. */
public final class KafkaFailures {
    private KafkaFailures() {}

    /**
     * The failure in our words: NOT_AUTHENTICATED where the broker or the schema registry refuses who we are, a
     * {@link RetriableException} where it is away for now, else UNAVAILABLE_DEPENDENCY.
     *
     * @param what what could not be done, for example "the command could not be sent"
     */
    public static TessellateException of(String what, Exception failure) {
        return refusal(what, failure).orElseGet(() -> other(what, failure));
    }

    /** The failure as NOT_AUTHENTICATED, if it is a refusal of credentials or permissions. */
    public static Optional<TessellateException> refusal(String what, @Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
                return Optional.of(new TessellateException(
                        ErrorCode.NOT_AUTHENTICATED,
                        "%s: the broker refused the credentials: %s".formatted(what, cause.getMessage()),
                        failure));
            }
        }
        return RegistryFailures.isRefusal(failure)
                ? Optional.of(new TessellateException(
                        ErrorCode.NOT_AUTHENTICATED,
                        "%s: the schema registry refused the credentials".formatted(what),
                        failure))
                : Optional.empty();
    }

    private static TessellateException other(String what, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TessellateException known) {
                return known;
            }
            if (cause instanceof org.apache.kafka.common.errors.RetriableException) {
                return new RetriableException(ErrorCode.UNAVAILABLE_DEPENDENCY, said(what, cause), failure);
            }
        }
        return RegistryFailures.mayPass(failure)
                ? new RetriableException(ErrorCode.UNAVAILABLE_DEPENDENCY, said(what, failure), failure)
                : new TessellateException(
                        failure instanceof KafkaException ? ErrorCode.UNAVAILABLE_DEPENDENCY : ErrorCode.DEFECT,
                        said(what, failure),
                        failure);
    }

    private static String said(String what, Throwable cause) {
        return cause.getMessage() == null ? what : what + ": " + cause.getMessage();
    }
}
