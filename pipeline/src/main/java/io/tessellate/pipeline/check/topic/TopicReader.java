package io.tessellate.pipeline.check.topic;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads spans of topics: committed records only, each once, in the order of their offsets. Not thread-safe. */
public final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Consumer<byte[], byte[]> consumer;

    /** A reader with a consumer of its own, outside of any group, which it closes. */
    public TopicReader(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** What a topic holds now; nothing if it does not exist. */
    public Map<Integer, TaskTopics.OffsetSpan> partitions(String topic) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic);
        List<TopicPartition> all = infos == null
                ? List.of()
                : infos.stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        Map<TopicPartition, Long> from = consumer.beginningOffsets(all);
        Map<TopicPartition, Long> to = consumer.endOffsets(all);
        Map<Integer, TaskTopics.OffsetSpan> spans = new TreeMap<>();
        all.forEach(partition ->
                spans.put(partition.partition(), new TaskTopics.OffsetSpan(from.get(partition), to.get(partition))));
        return spans;
    }

    /** Hands on every committed record of a span. */
    public void read(
            String topic,
            int number,
            TaskTopics.OffsetSpan span,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> handler) {
        read(topic, Map.of(number, span), handler);
    }

    /**
     * Hands on every committed record of some partitions' spans, those of one partition in the order of their offsets. All are read
     * at once: between two that are read one after the other lies a fetch that waits at the end of the first.
     */
    public void read(
            String topic,
            Map<Integer, TaskTopics.OffsetSpan> spans,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> handler) {
        Map<TopicPartition, Long> open = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        spans.forEach((number, span) -> {
            if (span.from() < span.to()) {
                open.put(new TopicPartition(topic, number), span.from());
                ends.put(new TopicPartition(topic, number), span.to());
            }
        });
        consumer.assign(ends.keySet());
        // What is assigned again right away is paused still.
        consumer.resume(ends.keySet());
        open.forEach(consumer::seek);
        long lastProgress = System.nanoTime();
        while (!open.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < ends.get(new TopicPartition(topic, record.partition()))) {
                    handler.accept(record);
                }
            }
            if (advance(open, ends)) {
                lastProgress = System.nanoTime();
            } else if (System.nanoTime() - lastProgress > PATIENCE.toNanos()) {
                throw new RetriableException(
                        ErrorCode.UNAVAILABLE_DEPENDENCY,
                        "%s did not go beyond these offsets within %s: %s".formatted(topic, PATIENCE, open));
            }
        }
    }

    /** Takes the positions as they are now, and lets go of partitions that are at their ends; whether any has moved. */
    private boolean advance(Map<TopicPartition, Long> open, Map<TopicPartition, Long> ends) {
        boolean moved = false;
        for (TopicPartition partition : List.copyOf(open.keySet())) {
            long now = consumer.position(partition);
            moved |= now > open.put(partition, now);
            if (now >= ends.get(partition)) {
                open.remove(partition);
                consumer.pause(List.of(partition));
            }
        }
        return moved;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
