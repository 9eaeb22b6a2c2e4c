package io.tessellate.engine.backend;

/**
 * Shape of multi-head attention over padded sequences. With fewer key and value heads than query heads (grouped-query
 * attention, Ainslie et al. 2023), neighbouring query heads share one.
 *
 * @param batch number of sequences
 * @param length padded length of each sequence
 * @param heads query heads
 * @param keyValueHeads key and value heads; divides {@code heads}
 * @param width columns of one head
 * @param reach which keys a query sees
 * @param scale what the raw scores are multiplied with
 */
public record HeadShape(int batch, int length, int heads, int keyValueHeads, int width, Reach reach, float scale) {
    /** Checks that no extent is empty. */
    public HeadShape {
        if (batch < 1 || length < 1 || heads < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "attention shape must be positive: batch %d, length %d, heads %d, width %d"
                            .formatted(batch, length, heads, width));
        }
        if (keyValueHeads < 1 || heads % keyValueHeads != 0) {
            throw new IllegalArgumentException(
                    "%d key and value heads must divide %d query heads".formatted(keyValueHeads, heads));
        }
    }

    /** Bidirectional attention of as many key and value heads as query heads, scaled by 1 / sqrt(width). */
    public HeadShape(int batch, int length, int heads, int width) {
        this(batch, length, heads, heads, width, Reach.ALL, scaleOf(width));
    }

    /** The usual factor of the raw scores: 1 / sqrt(width). */
    public static float scaleOf(int width) {
        return (float) (1 / Math.sqrt(width));
    }

    /** Query heads that share a key and a value. */
    public int group() {
        return heads / keyValueHeads;
    }

    /** Columns of a context: heads x width. */
    public int contextColumns() {
        return heads * width;
    }

    /** Columns of queries, keys and values side by side. */
    public int projectionColumns() {
        return (heads + 2 * keyValueHeads) * width;
    }

    /** Rows of the token matrices: batch x length. */
    public int tokens() {
        return batch * length;
    }

    /** Rows of the score matrix: one per sequence, head and query position. */
    public int scoreRows() {
        return batch * heads * length;
    }
}
