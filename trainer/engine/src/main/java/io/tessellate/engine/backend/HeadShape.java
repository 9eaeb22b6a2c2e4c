package io.tessellate.engine.backend;

/**
 * Shape of multi-head attention over padded sequences.
 *
 * @param batch number of sequences
 * @param length padded length of each sequence
 * @param heads attention heads
 * @param width columns of one head
 */
public record HeadShape(int batch, int length, int heads, int width) {
    /** Checks that no extent is empty. */
    public HeadShape {
        if (batch < 1 || length < 1 || heads < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "attention shape must be positive: batch %d, length %d, heads %d, width %d"
                            .formatted(batch, length, heads, width));
        }
    }

    /** Rows of the token matrices: batch x length. */
    public int tokens() {
        return batch * length;
    }

    /** Rows of the score matrix: one per sequence, head and query position. */
    public int scoreRows() {
        return batch * heads * length;
    }

    /** What the raw scores are multiplied with: 1 / sqrt(width). */
    public float scale() {
        return (float) (1 / Math.sqrt(width));
    }
}
