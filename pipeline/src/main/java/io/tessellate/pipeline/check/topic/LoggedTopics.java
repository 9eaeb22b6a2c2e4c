package io.tessellate.pipeline.check.topic;

import io.tessellate.event.OffsetRange;
import io.tessellate.id.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The topics of a broker, read when they are asked for. */
public final class LoggedTopics implements TaskTopics {
    private final TopicReader reader;
    private final Map<String, Map<Integer, OffsetSpan>> known = new HashMap<>();

    public LoggedTopics(TopicReader reader) {
        this.reader = reader;
    }

    @Override
    public Map<Integer, OffsetSpan> partitions(String topic) {
        return known.computeIfAbsent(topic, reader::partitions);
    }

    @Override
    public long count(String topic, int partition, long from, long to) {
        long[] count = {0};
        reader.read(topic, partition, new OffsetSpan(from, to), record -> count[0]++);
        return count[0];
    }

    @Override
    public Optional<Sha256> digest(String topic, List<OffsetRange> ranges) {
        Map<Integer, OffsetSpan> held = partitions(topic);
        MessageDigest digest = Sha256.newDigest();
        List<OffsetRange> sorted = ranges.stream()
                .sorted(Comparator.comparingInt(OffsetRange::getPartition))
                .toList();
        for (OffsetRange range : sorted) {
            OffsetSpan now = held.get(range.getPartition());
            if (now == null || now.from() > range.getFrom() || now.to() < range.getTo()) {
                return Optional.empty();
            }
            OffsetSpan wanted = new OffsetSpan(range.getFrom(), range.getTo());
            reader.read(topic, range.getPartition(), wanted, record -> add(digest, record));
        }
        return Optional.of(Sha256.of(digest));
    }

    private static void add(MessageDigest digest, ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        digest.update(ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(record.partition())
                .putInt(value.length)
                .flip());
        digest.update(value);
    }
}
