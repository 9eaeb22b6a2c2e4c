package io.tessellate.ingest;

import io.tessellate.dataset.DatasetDigest;
import io.tessellate.dataset.SourcePosition;
import io.tessellate.dataset.Split;
import io.tessellate.event.OffsetRange;
import io.tessellate.event.RecordCounts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the records of one attempt at a dataset. Whatever their order was, the same records give the same tally:
 * of several with one id, the one at the lowest position counts.
 */
final class Tally {
    private static final int FIXED_BYTES = 4 * Long.BYTES + 5 * Long.BYTES + Integer.BYTES;
    private static final int RANGE_BYTES = Integer.BYTES + 2 * Long.BYTES;

    private long train;
    private long eval;
    private long deadLettered;
    private long duplicates;
    private DatasetDigest digest = new DatasetDigest();
    private final Map<Integer, Range> ranges = new TreeMap<>();

    private record Range(long from, long to) {
        Range with(long offset) {
            return new Range(Math.min(from, offset), Math.max(to, offset + 1));
        }
    }

    void accept(Split split, byte[] exampleDigest) {
        if (split == Split.TRAIN) {
            train++;
        } else {
            eval++;
        }
        digest.add(exampleDigest);
    }

    void deadLetter() {
        deadLettered++;
    }

    void duplicate() {
        duplicates++;
    }

    /** An accepted example turns out to be the duplicate of one before it. */
    void replace(byte[] accepted, byte[] before) {
        digest.remove(accepted);
        digest.add(before);
        duplicates++;
    }

    /** The record belongs to the attempt. */
    void cover(SourcePosition position) {
        Range range = ranges.get(position.partition());
        ranges.put(
                position.partition(),
                range == null ? new Range(position.offset(), position.offset() + 1) : range.with(position.offset()));
    }

    long read() {
        return train + eval + deadLettered + duplicates;
    }

    long train() {
        return train;
    }

    long eval() {
        return eval;
    }

    long deadLettered() {
        return deadLettered;
    }

    String digest() {
        return digest.value().hex();
    }

    RecordCounts counts() {
        return new RecordCounts(read(), train + eval, deadLettered, duplicates);
    }

    List<OffsetRange> ranges() {
        List<OffsetRange> all = new ArrayList<>();
        ranges.forEach((partition, range) -> all.add(new OffsetRange(partition, range.from(), range.to())));
        return all;
    }

    int size() {
        return FIXED_BYTES + ranges.size() * RANGE_BYTES;
    }

    void save(ByteBuffer out) {
        out.putLong(train).putLong(eval).putLong(deadLettered).putLong(duplicates);
        digest.save(out);
        out.putInt(ranges.size());
        ranges.forEach((partition, range) ->
                out.putInt(partition).putLong(range.from()).putLong(range.to()));
    }

    static Tally restore(ByteBuffer in) {
        var tally = new Tally();
        tally.train = in.getLong();
        tally.eval = in.getLong();
        tally.deadLettered = in.getLong();
        tally.duplicates = in.getLong();
        tally.digest = DatasetDigest.restore(in);
        for (int left = in.getInt(); left > 0; left--) {
            tally.ranges.put(in.getInt(), new Range(in.getLong(), in.getLong()));
        }
        return tally;
    }
}
