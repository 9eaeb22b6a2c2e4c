package io.tessellate.runtime.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The record a piece of work came from, and the group membership under which it was read.
 *
 * @param partition where it was read
 * @param offset its offset
 * @param group the membership; if the partition has moved since, the broker refuses the offset and what goes with it
 */
public record Consumed(TopicPartition partition, long offset, ConsumerGroupMetadata group) {
    /** Writes something and this record's offset in one transaction: whoever reads committed records sees both or neither. */
    public void commitWith(Producer<?, ?> producer, Runnable writes) {
        transaction(producer, () -> {
            writes.run();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(offset + 1)), group);
        });
    }

    /** Runs a transaction, and aborts it if it fails. */
    public static void transaction(Producer<?, ?> producer, Runnable body) {
        producer.beginTransaction();
        try {
            body.run();
            producer.commitTransaction();
        } catch (KafkaException e) {
            abort(producer, e);
            throw e;
        }
    }

    private static void abort(Producer<?, ?> producer, KafkaException cause) {
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            cause.addSuppressed(e);
        }
    }
}
