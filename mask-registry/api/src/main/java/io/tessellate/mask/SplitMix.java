package io.tessellate.mask;

import io.tessellate.id.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The random numbers of the file format (docs/format/adapter.md §5): SplitMix64 started from the digest of a label. Written
 * out here because a format may not depend on how a library happens to draw its numbers.
 */
public final class SplitMix {
    private long state;

    private SplitMix(long state) {
        this.state = state;
    }

    public static SplitMix stream(String label) {
        byte[] digest = Sha256.of(label.getBytes(StandardCharsets.UTF_8)).bytes();
        return new SplitMix(ByteBuffer.wrap(digest).getLong());
    }

    public long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** A number from 0 to {@code n - 1}. */
    public int below(int n) {
        return (int) ((next() >>> 32) * n >>> 32);
    }

    public int[] permutation(int n) {
        int[] permutation = new int[n];
        for (int i = 0; i < n; i++) {
            permutation[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = below(i + 1);
            int swapped = permutation[i];
            permutation[i] = permutation[j];
            permutation[j] = swapped;
        }
        return permutation;
    }
}
