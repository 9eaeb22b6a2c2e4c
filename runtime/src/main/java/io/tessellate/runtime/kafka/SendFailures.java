package io.tessellate.runtime.kafka;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.topic.SchemaRegistryFailures;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/** Tells a producer that refused one record, and works still, from one that is of no use any more. */
public final class SendFailures {
    private SendFailures() {}

    /** Whether it is the record that was refused, and would be again: too large, or of no schema's form. */
    public static boolean isOfTheRecord(KafkaException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException || cause instanceof InvalidTopicException) {
                return true;
            }
            if (cause instanceof SerializationException) {
                return !SchemaRegistryFailures.mayPass(cause);
            }
        }
        return false;
    }

    /** The failure as one that can pass, if all it takes is the schema registry; else as it is. */
    public static RuntimeException of(KafkaException failure) {
        boolean registryIsAway = failure instanceof SerializationException && SchemaRegistryFailures.mayPass(failure);
        return registryIsAway
                ? new RetriableException(
                        ErrorCode.UNAVAILABLE_DEPENDENCY,
                        "the schema registry did not answer: " + failure.getMessage(),
                        failure)
                : failure;
    }
}
