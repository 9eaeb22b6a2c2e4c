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
 * Whether a topic holds the offsets that are to be read. It need not: a topic can be deleted, its records can be deleted or
 * expire, and another topic can come under its name.
 *
 * @param topic its name
 * @param asked what is to be read of it
 * @param wereThere whether the topic once held them: else who named them may have been wrong
 * @param absence how long a topic must be unknown to count as deleted: a broker that has just started may not know it yet
 */
record DatasetOffsets(String topic, List<OffsetRange> asked, boolean wereThere, Duration absence) {
    /**
     * Goes on if it does.
     *
     * @throws TessellateException RECORDS_GONE, TOPIC_RECREATED; INVALID_ARGUMENT where what never was there is asked for
     */
    void requireIn(Consumer<byte[], byte[]> consumer) {
        List<OffsetRange> ranges =
                asked.stream().filter(range -> range.from() < range.to()).toList();
        Set<TopicPartition> partitions = ranges.stream().map(this::partition).collect(Collectors.toSet());
        requirePartitions(consumer, partitions);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (OffsetRange range : ranges) {
            requireRange(range, begins.getOrDefault(partition(range), 0L), ends.get(partition(range)));
        }
    }

    private TopicPartition partition(OffsetRange range) {
        return new TopicPartition(topic, range.partition());
    }

    private void requirePartitions(Consumer<byte[], byte[]> consumer, Set<TopicPartition> wanted) {
        Optional<String> missing = missing(consumer, wanted);
        if (missing.isPresent()) {
            pause();
            missing = missing(consumer, wanted);
        }
        missing.ifPresent(what -> {
            throw wereThere
                    ? new TessellateException(
                            ErrorCode.RECORDS_GONE, "%s does not exist any more: it was deleted".formatted(what))
                    : new TessellateException(ErrorCode.INVALID_ARGUMENT, "%s does not exist".formatted(what));
        });
    }

    private Optional<String> missing(Consumer<byte[], byte[]> consumer, Set<TopicPartition> wanted) {
        List<PartitionInfo> known = consumer.partitionsFor(topic);
        if (known == null || known.isEmpty()) {
            return wanted.isEmpty() ? Optional.empty() : Optional.of("topic " + topic);
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
            throw wereThere
                    ? new TessellateException(
                            ErrorCode.TOPIC_RECREATED,
                            "%s is another topic than it was: the dataset ends at offset %d, the partition at %d"
                                    .formatted(partition(range), range.to(), end))
                    : new TessellateException(
                            ErrorCode.INVALID_ARGUMENT,
                            "records up to offset %d are asked for, but %s ends at %d"
                                    .formatted(range.to(), partition(range), end));
        }
    }

    private void pause() {
        try {
            Thread.sleep(absence.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException("reading %s was interrupted".formatted(topic), e);
        }
    }
}
