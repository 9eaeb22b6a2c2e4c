package io.tessellate.runtime.kafka.work;

import io.tessellate.runtime.kafka.PassedOver;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The record a piece of work came from, and the group membership under which it was read. Records of a partition may be done
 * in another order than they were read: what is committed says which ones are.
 */
public final class Consumed {
    private final TopicPartition partition;
    private final long offset;
    private final ConsumerGroupMetadata group;
    private final PartitionProgress progress;

    /**
     * A record.
     *
     * @param group the membership; if the partition has moved since, the broker refuses the offset and what goes with it
     * @param progress of the partition
     */
    Consumed(TopicPartition partition, long offset, ConsumerGroupMetadata group, PartitionProgress progress) {
        this.partition = partition;
        this.offset = offset;
        this.group = group;
        this.progress = progress;
    }

    /** Writes something and this record's offset in one transaction: whoever reads committed records sees both or neither. */
    public void commitWith(Producer<?, ?> producer, Runnable writes) {
        transaction(
                producer,
                () -> {
                    writes.run();
                    producer.sendOffsetsToTransaction(Map.of(partition, progress.with(offset)), group);
                },
                () -> progress.done(offset));
    }

    /** Runs a transaction, and aborts it if it fails. Transactions of one producer come one after the other. */
    public static void transaction(Producer<?, ?> producer, Runnable body) {
        transaction(producer, body, () -> {});
    }

    private static void transaction(Producer<?, ?> producer, Runnable body, Runnable committed) {
        synchronized (producer) {
            producer.beginTransaction();
            try {
                body.run();
                producer.commitTransaction();
            } catch (RuntimeException e) {
                abort(producer, e);
                throw e;
            }
            committed.run();
        }
    }

    private static void abort(Producer<?, ?> producer, RuntimeException cause) {
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            cause.addSuppressed(e);
        }
    }

    /** Takes note that nothing can be done with it. */
    public void passOver(PassedOver passedOver, String why) {
        passedOver.note(partition.topic(), partition.partition(), offset, why);
    }

    @Override
    public String toString() {
        return "offset %d of %s".formatted(offset, partition);
    }
}
