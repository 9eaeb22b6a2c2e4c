package io.tessellate.pipeline.check.topic;

import io.tessellate.event.OffsetRange;
import io.tessellate.id.Sha256;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The topics datasets came in, as they are now. */
public interface TaskTopics {
    /** What a topic holds now, partition by partition; nothing if it does not exist. */
    Map<Integer, OffsetSpan> partitions(String topic);

    /** Committed records of a partition between two offsets. */
    long count(String topic, int partition, long from, long to);

    /** Digest of the records' bytes in their order; nothing if some are gone. */
    Optional<Sha256> digest(String topic, List<OffsetRange> ranges);

    /**
     * What a partition still holds.
     *
     * @param from first offset that was not deleted
     * @param to offset after the last
     */
    record OffsetSpan(long from, long to) {}
}
