package io.tessellate.dataset.log;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether a topic still holds the offsets of a closed dataset. It need not: a topic can be deleted, its records can be deleted or
 * expire, and another topic can come under its name.
 *
 * @param absence how long a topic must be unknown to count as deleted: a broker that has just started may not know it yet
 */
record DatasetOffsets(ClosedDataset closed, Duration absence) {
    /**
     * Goes on if it does.
     *
     * @throws TessellateException RECORDS_GONE or TOPIC_RECREATED
     */
    void requireIn(Consumer<byte[], byte[]> consumer) {
        List<OffsetRange> ranges = closed.ranges().stream()
                .filter(range -> range.from() < range.to())
                .toList();
        Set<TopicPartition> partitions = ranges.stream().map(this::partition).collect(Collectors.toSet());
        requirePartitions(consumer, partitions);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (OffsetRange range : ranges) {
            requireRange(range, begins.getOrDefault(partition(range), 0L), ends.get(partition(range)));
        }
    }

    private TopicPartition partition(OffsetRange range) {
        return new TopicPartition(closed.topic(), range.partition());
    }

    private void requirePartitions(Consumer<byte[], byte[]> consumer, Set<TopicPartition> wanted) {
        Optional<String> missing = missing(consumer, wanted);
        if (missing.isPresent()) {
            pause();
            missing = missing(consumer, wanted);
        }
        missing.ifPresent(what -> {
            throw new TessellateException(
                    ErrorCode.RECORDS_GONE, "%s does not exist any more: it was deleted".formatted(what));
        });
    }

    private Optional<String> missing(Consumer<byte[], byte[]> consumer, Set<TopicPartition> wanted) {
        List<PartitionInfo> known = consumer.partitionsFor(closed.topic());
        if (known == null || known.isEmpty()) {
            return wanted.isEmpty() ? Optional.empty() : Optional.of("topic " + closed.topic());
        }
        Set<Integer> numbers = known.stream().map(PartitionInfo::partition).collect(Collectors.toSet());
        return wanted.stream()
                .filter(partition -> !numbers.contains(partition.partition()))
                .findFirst()
                .map(partition -> "partition " + partition);
    }

    private void requireRange(OffsetRange range, long begin, Long end) {
        if (begin > range.from()) {
            throw new TessellateException(
                    ErrorCode.RECORDS_GONE,
                    "records of %s are gone, deleted or expired: the dataset begins at offset %d, the partition at %d"
                            .formatted(partition(range), range.from(), begin));
        }
        if (end != null && end < range.to()) {
            throw new TessellateException(
                    ErrorCode.TOPIC_RECREATED,
                    "%s is another topic than it was: the dataset ends at offset %d, the partition at %d"
                            .formatted(partition(range), range.to(), end));
        }
    }

    private void pause() {
        try {
            Thread.sleep(absence.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException("reading %s was interrupted".formatted(closed.topic()), e);
        }
    }
}
