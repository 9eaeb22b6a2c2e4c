package io.tessellate.ingest.attempt;

import io.tessellate.ingest.arrival.RejectionReason;
import io.tessellate.ingest.arrival.SourcePosition;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Bad records of one kind.
 *
 * @param count how many
 * @param first where the first of them lies, in the order of positions
 * @param reason why that one is bad
 */
record BadRecords(long count, SourcePosition first, String reason) {
    private static final int LONGEST = 300;

    static BadRecords one(SourcePosition position, String reason) {
        return new BadRecords(1, position, reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + "…");
    }

    BadRecords and(BadRecords other) {
        BadRecords earlier = first.compareTo(other.first) <= 0 ? this : other;
        return new BadRecords(count + other.count, earlier.first, earlier.reason);
    }

    RejectionReason reason(String code, String topic) {
        return new RejectionReason(
                code,
                count,
                "%s (%s partition %d offset %d)".formatted(reason, topic, first.partition(), first.offset()));
    }

    void save(DataOutput out) throws IOException {
        out.writeLong(count);
        out.writeInt(first.partition());
        out.writeLong(first.offset());
        out.writeUTF(reason);
    }

    static BadRecords restore(DataInput in) throws IOException {
        return new BadRecords(in.readLong(), new SourcePosition(in.readInt(), in.readLong()), in.readUTF());
    }
}
