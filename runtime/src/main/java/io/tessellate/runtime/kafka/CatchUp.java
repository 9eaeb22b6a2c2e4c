package io.tessellate.runtime.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A point of the log somebody waits for: the ends of all partitions when the tail first saw the request. */
final class CatchUp {
    private @Nullable Map<TopicPartition, Long> ends;
    private volatile boolean reached;

    /** Looks whether the consumer has come that far; in the consumer's thread only. */
    void check(Consumer<?, ?> consumer) {
        if (ends == null) {
            ends = consumer.endOffsets(consumer.assignment());
        }
        reached = ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    boolean reached() {
        return reached;
    }
}
