package io.tessellate.pipeline.check.topic;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import java.time.Duration;
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
        if (span.from() >= span.to()) {
            return;
        }
        TopicPartition partition = new TopicPartition(topic, number);
        consumer.assign(List.of(partition));
        consumer.seek(partition, span.from());
        long lastProgress = System.nanoTime();
        long position = span.from();
        while (position < span.to()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < span.to()) {
                    handler.accept(record);
                }
            }
            long now = consumer.position(partition);
            if (now > position) {
                lastProgress = System.nanoTime();
            } else if (System.nanoTime() - lastProgress > PATIENCE.toNanos()) {
                throw new RetriableException(
                        ErrorCode.UNAVAILABLE_DEPENDENCY,
                        "%s partition %d did not yield offset %d within %s".formatted(topic, number, now, PATIENCE));
            }
            position = now;
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
