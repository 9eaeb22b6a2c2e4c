package io.tessellate.ingest.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was seen of a task's topic at one moment.
 *
 * @param exists whether it is there
 * @param id its identity, which a topic created again under the name does not have; empty where it is not there or not known
 * @param risks in what ways it can lose records, for people
 * @param starts first offset that is left, by partition
 * @param ends offset after the last, by partition
 * @param left records that are left in the offset ranges of the dataset, by partition; empty where that need not be counted
 */
public record TopicSighting(
        boolean exists,
        String id,
        List<String> risks,
        Map<Integer, Long> starts,
        Map<Integer, Long> ends,
        Map<Integer, Long> left) {
    public TopicSighting {
        risks = List.copyOf(risks);
        starts = Map.copyOf(starts);
        ends = Map.copyOf(ends);
        left = Map.copyOf(left);
    }

    /** Stands for the identity where the broker does not tell. */
    public static final String UNKNOWN = "unknown";

    /** The topic is not there. */
    public static TopicSighting missing() {
        return new TopicSighting(false, "", List.of(), Map.of(), Map.of(), Map.of());
    }

    /** The broker does not let us look. */
    static TopicSighting hidden(String why) {
        return new TopicSighting(true, "", List.of(why), Map.of(), Map.of(), Map.of());
    }

    /** Whether the topic is another one than that of this identity. */
    public boolean replaces(String other) {
        return exists && !id.isEmpty() && !other.isEmpty() && !other.equals(UNKNOWN) && !id.equals(other);
    }

    /** Why records of a dataset can no longer be read, if that is so. */
    public Optional<String> losses(String topic, Map<Integer, Covered> covered) {
        if (!exists) {
            return gone("topic %s no longer exists".formatted(topic));
        }
        for (Map.Entry<Integer, Covered> part : covered.entrySet()) {
            int partition = part.getKey();
            Covered read = part.getValue();
            long start = starts.getOrDefault(partition, 0L);
            if (start > read.from()) {
                return gone("records of %s partition %d from offset %d up to %d are gone, the partition begins at %d"
                        .formatted(topic, partition, read.from(), Math.min(start, read.to()), start));
            }
            Long counted = left.get(partition);
            if (counted != null && read.records() >= 0 && counted < read.records()) {
                return gone("%d of %d records of %s partition %d are gone, compacted away"
                        .formatted(read.records() - counted, read.records(), topic, partition));
            }
        }
        return Optional.empty();
    }

    /**
     * Which records stand before the first that was read of each partition. A topic that was created again under its name is read
     * on from where the one before it was left, and what stands below is never read.
     */
    public Optional<String> passedOver(String topic, Map<Integer, Covered> covered) {
        List<String> parts = new ArrayList<>();
        new TreeMap<>(ends).forEach((partition, end) -> {
            long start = starts.getOrDefault(partition, 0L);
            long read = covered.containsKey(partition) ? covered.get(partition).from() : end;
            if (start < read) {
                parts.add("partition %d from offset %d up to %d".formatted(partition, start, read));
            }
        });
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        ("topic %s was deleted and created again while it was read, and the records of %s lie below the"
                                        + " offset that had been read so far, so they are never read; push them again, which"
                                        + " adds them behind these")
                                .formatted(topic, String.join(", ", parts)));
    }

    private static Optional<String> gone(String what) {
        return Optional.of(what + "; keep the topic's records (retention.ms=-1) and push again");
    }
}
