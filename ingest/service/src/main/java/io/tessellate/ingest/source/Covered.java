package io.tessellate.ingest.source;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What was read of one partition.
 *
 * @param from first offset
 * @param to offset after the last
 * @param records how many records that were; -1 if that is not known. Offsets between them may be no records
 */
public record Covered(long from, long to, long records) {
    private static final long UNKNOWN = -1;

    public static Covered one(long offset) {
        return new Covered(offset, offset + 1, 1);
    }

    public Covered and(Covered other) {
        boolean known = records != UNKNOWN && other.records != UNKNOWN;
        return new Covered(
                Math.min(from, other.from), Math.max(to, other.to), known ? records + other.records : UNKNOWN);
    }

    public void save(DataOutput out) throws IOException {
        out.writeLong(from);
        out.writeLong(to);
        out.writeLong(records);
    }

    public static Covered restore(DataInput in) throws IOException {
        return new Covered(in.readLong(), in.readLong(), in.readLong());
    }

    /** As the first release saved it. */
    public static Covered first(DataInput in) throws IOException {
        return new Covered(in.readLong(), in.readLong(), UNKNOWN);
    }
}
