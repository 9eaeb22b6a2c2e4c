package io.tessellate.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.id.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * Digest of a dataset: the number of its examples and the sum of their digests modulo 2^256, so that their order does not
 * matter and an example can be taken back (docs/format/dataset-digest.md).
 */
public final class DatasetDigest {
    private static final byte[] DOMAIN = "tessellate-dataset-1\n".getBytes(UTF_8);
    private static final int LIMBS = 4;

    /** Big-endian limbs: {@code sum[0]} is the most significant. */
    private final long[] sum = new long[LIMBS];

    private long count;

    /** The digest of no examples. */
    public DatasetDigest() {}

    /** The digest whose state was saved by {@link #save(ByteBuffer)}. */
    public static DatasetDigest restore(ByteBuffer in) {
        var digest = new DatasetDigest();
        digest.count = in.getLong();
        for (int i = 0; i < LIMBS; i++) {
            digest.sum[i] = in.getLong();
        }
        return digest;
    }

    /** Writes the state: 40 bytes. */
    public void save(ByteBuffer out) {
        out.putLong(count);
        for (long limb : sum) {
            out.putLong(limb);
        }
    }

    /** Adds an example by its digest of 32 bytes. */
    public void add(byte[] example) {
        ByteBuffer in = ByteBuffer.wrap(example);
        long carry = 0;
        for (int i = LIMBS - 1; i >= 0; i--) {
            long before = sum[i];
            long partial = before + in.getLong(i * Long.BYTES);
            long total = partial + carry;
            boolean overflow = Long.compareUnsigned(partial, before) < 0 || Long.compareUnsigned(total, partial) < 0;
            sum[i] = total;
            carry = overflow ? 1 : 0;
        }
        count++;
    }

    /** Takes an example back that was added. */
    public void remove(byte[] example) {
        ByteBuffer in = ByteBuffer.wrap(example);
        long borrow = 0;
        for (int i = LIMBS - 1; i >= 0; i--) {
            long before = sum[i];
            long partial = before - in.getLong(i * Long.BYTES);
            long total = partial - borrow;
            boolean underflow = Long.compareUnsigned(partial, before) > 0 || Long.compareUnsigned(total, partial) > 0;
            sum[i] = total;
            borrow = underflow ? 1 : 0;
        }
        count--;
    }

    /** How many examples it covers. */
    public long count() {
        return count;
    }

    /** The digest of what was added so far. */
    public Sha256 value() {
        MessageDigest sha = Sha256.newDigest();
        sha.update(DOMAIN);
        ByteBuffer state = ByteBuffer.allocate((1 + LIMBS) * Long.BYTES);
        save(state);
        sha.update(state.array());
        return Sha256.of(sha);
    }
}
