package io.tessellate.worker;

import io.tessellate.event.TaskEvent;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Records read and not yet worked on, in the order they came. Used by the consumer's thread only. */
final class TaskQueue {
    private final Deque<ConsumerRecord<String, TaskEvent>> waiting = new ArrayDeque<>();

    void add(ConsumerRecord<String, TaskEvent> record) {
        waiting.add(record);
    }

    @Nullable ConsumerRecord<String, TaskEvent> next() {
        return waiting.poll();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Forgets the records of partitions that went to another worker: they are read again there. */
    void drop(Collection<TopicPartition> partitions) {
        waiting.removeIf(record -> partitions.contains(partition(record)));
    }

    static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
