package io.tessellate.topic;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Tells a schema registry that is away from bytes that will never decode. */
public final class SchemaRegistryFailures {
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private SchemaRegistryFailures() {}

    /** Whether the same call may succeed later. */
    public static boolean mayPass(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RestClientException answer) {
                return answer.getStatus() >= SERVER_ERROR || answer.getStatus() == TOO_MANY_REQUESTS;
            }
            // The client turns "too many requests" into one of Kafka's own failures and drops the answer.
            if (cause instanceof RetriableException
                    || cause instanceof SocketException
                    || cause instanceof InterruptedIOException
                    || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    /** Whether the registry refused who we are: nothing is wrong with what was asked for. */
    public static boolean isRefusal(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RestClientException answer) {
                return answer.getStatus() == UNAUTHORIZED || answer.getStatus() == FORBIDDEN;
            }
        }
        return false;
    }
}
