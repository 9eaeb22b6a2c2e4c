package io.tessellate.mask.merge;

/**
 * The entries of one tensor that are not 0.
 *
 * @param indices flat row-major indices, ascending
 * @param values one per index
 */
public record SparseTensor(int[] indices, float[] values) {
    static final SparseTensor EMPTY = new SparseTensor(new int[0], new float[0]);

    /** Refuses lists of different length or indices that do not ascend. */
    public SparseTensor {
        if (indices.length != values.length) {
            throw new IllegalArgumentException(
                    "%d indices cannot have %d values".formatted(indices.length, values.length));
        }
        for (int n = 1; n < indices.length; n++) {
            if (indices[n] <= indices[n - 1]) {
                throw new IllegalArgumentException("index %d must be above %d".formatted(indices[n], indices[n - 1]));
            }
        }
    }
}
