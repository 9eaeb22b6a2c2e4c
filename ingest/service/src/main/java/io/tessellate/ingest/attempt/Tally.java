package io.tessellate.ingest.attempt;

import io.tessellate.dataset.DatasetDigest;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.log.OffsetRange;
import io.tessellate.dataset.log.RecordCounts;
import io.tessellate.error.ErrorCode;
import io.tessellate.id.Sha256;
import io.tessellate.ingest.arrival.RejectionReason;
import io.tessellate.ingest.arrival.SourcePosition;
import io.tessellate.ingest.source.Covered;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the records of one attempt at a dataset. Whatever their order was, the same records give the same tally:
 * of several with one id, the one at the lowest position counts.
 */
final class Tally {
    private static final int DIGEST_BYTES = 5 * Long.BYTES;
    private static final int FIRST_VERSION = 1;

    private long train;
    private long eval;
    private long deadLettered;
    private long duplicates;
    private DatasetDigest digest = new DatasetDigest();
    private final Map<Integer, Covered> covered = new TreeMap<>();
    private final Map<String, BadRecords> bad = new TreeMap<>();

    void accept(Split split, byte[] exampleDigest) {
        if (split == Split.TRAIN) {
            train++;
        } else {
            eval++;
        }
        digest.add(exampleDigest);
    }

    void deadLetter(ErrorCode code, SourcePosition position, String reason) {
        deadLettered++;
        bad.merge(code.name(), BadRecords.one(position, reason), BadRecords::and);
    }

    void duplicate() {
        duplicates++;
    }

    /** An example stands for its id instead of one that was accepted, since it lies before it. */
    void supersede(byte[] accepted, byte[] before) {
        digest.remove(accepted);
        digest.add(before);
    }

    /** The record belongs to the attempt. */
    void cover(SourcePosition position) {
        covered.merge(position.partition(), Covered.one(position.offset()), Covered::and);
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

    long duplicates() {
        return duplicates;
    }

    long deadLettered() {
        return deadLettered;
    }

    Sha256 digest() {
        return digest.value();
    }

    RecordCounts counts() {
        return new RecordCounts(read(), train + eval, deadLettered, duplicates);
    }

    List<OffsetRange> ranges() {
        List<OffsetRange> all = new ArrayList<>();
        covered.forEach((partition, part) -> all.add(new OffsetRange(partition, part.from(), part.to())));
        return all;
    }

    /** What was read of each partition. */
    Map<Integer, Covered> covered() {
        return Map.copyOf(covered);
    }

    /** The kinds of bad records, the most frequent first, each with the first of its records. */
    List<RejectionReason> reasons(String topic) {
        return bad.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, BadRecords> kind) ->
                                -kind.getValue().count())
                        .thenComparing(Map.Entry::getKey))
                .map(kind -> kind.getValue().reason(kind.getKey(), topic))
                .toList();
    }

    void save(DataOutput out) throws IOException {
        out.writeLong(train);
        out.writeLong(eval);
        out.writeLong(deadLettered);
        out.writeLong(duplicates);
        ByteBuffer sum = ByteBuffer.allocate(DIGEST_BYTES);
        digest.save(sum);
        out.write(sum.array());
        out.writeInt(covered.size());
        for (Map.Entry<Integer, Covered> part : covered.entrySet()) {
            out.writeInt(part.getKey());
            part.getValue().save(out);
        }
        out.writeInt(bad.size());
        for (Map.Entry<String, BadRecords> kind : bad.entrySet()) {
            out.writeUTF(kind.getKey());
            kind.getValue().save(out);
        }
    }

    /** Reads what was saved by this release or, as version 1, the first one. */
    static Tally restore(DataInput in, int version) throws IOException {
        var tally = new Tally();
        tally.train = in.readLong();
        tally.eval = in.readLong();
        tally.deadLettered = in.readLong();
        tally.duplicates = in.readLong();
        byte[] sum = new byte[DIGEST_BYTES];
        in.readFully(sum);
        tally.digest = DatasetDigest.restore(ByteBuffer.wrap(sum));
        for (int left = in.readInt(); left > 0; left--) {
            tally.covered.put(in.readInt(), version == FIRST_VERSION ? Covered.first(in) : Covered.restore(in));
        }
        if (version > FIRST_VERSION) {
            for (int left = in.readInt(); left > 0; left--) {
                tally.bad.put(in.readUTF(), BadRecords.restore(in));
            }
        }
        return tally;
    }
}
