package io.tessellate.engine.model.batch;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which row each token of a batch has. Attention needs every sequence padded to the same length; everything else works
 * token by token and would compute padding for nothing. Where padding is more than a tenth, tokens are therefore also
 * packed: one sequence after the other, then a few idle rows, so that few different counts occur. Attention copies between
 * the two. Padding reads an idle row and idle rows read padding: both hold finite numbers that nothing real depends on,
 * and gradients of zero.
 */
public final class TokenRows {
    private static final int GRANULE = 32;

    private final int count;
    private final int[] starts;
    private final int[] packedOf;
    private final int[] paddedOf;

    private TokenRows(int count, int[] starts, int[] packedOf, int[] paddedOf) {
        this.count = count;
        this.starts = starts;
        this.packedOf = packedOf;
        this.paddedOf = paddedOf;
    }

    /** The rows of sequences of these lengths, padded to {@code length} for attention. */
    static TokenRows of(int[] lengths, int length) {
        int count = count(lengths, length);
        return count < lengths.length * length ? packed(lengths, length, count) : padded(lengths.length, length);
    }

    /** How many rows there are of sequences of these lengths, padded to {@code length} for attention. */
    static int count(int[] lengths, int length) {
        int padded = lengths.length * length;
        // At least one idle row, for padding to read.
        int count = (IntStream.of(lengths).sum() / GRANULE + 1) * GRANULE;
        return count + count / 10 < padded ? count : padded;
    }

    /** The rows of so many sequences, all padded to a length. */
    static TokenRows padded(int size, int length) {
        int[] starts = new int[size];
        Arrays.setAll(starts, b -> b * length);
        return new TokenRows(size * length, starts, new int[0], new int[0]);
    }

    private static TokenRows packed(int[] lengths, int length, int count) {
        int[] starts = new int[lengths.length];
        int[] packedOf = new int[lengths.length * length];
        int[] paddedOf = new int[count];
        Arrays.fill(packedOf, count - 1);
        int row = 0;
        int padding = 0;
        for (int b = 0; b < lengths.length; b++) {
            starts[b] = row;
            for (int s = 0; s < lengths[b]; s++) {
                packedOf[b * length + s] = row;
                paddedOf[row++] = b * length + s;
            }
            if (lengths[b] < length) {
                padding = (b + 1) * length - 1;
            }
        }
        Arrays.fill(paddedOf, row, count, padding);
        return new TokenRows(count, starts, packedOf, paddedOf);
    }

    /** Number of rows outside attention. */
    public int count() {
        return count;
    }

    /** Whether rows outside attention are packed; if not, both layouts are the same. */
    public boolean packed() {
        return paddedOf.length > 0;
    }

    /** Row of a token outside attention. */
    int row(int sequence, int position) {
        return starts[sequence] + position;
    }

    /** For every padded row, the packed row to read. */
    public int[] packedOf() {
        return packedOf;
    }

    /** For every packed row, the padded row to read. */
    public int[] paddedOf() {
        return paddedOf;
    }
}
