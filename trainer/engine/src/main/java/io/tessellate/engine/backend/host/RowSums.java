package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.Matrix;

/** Sums over the rows of a matrix in parts, which may be computed side by side and are added up in their order. */
final class RowSums {
    /** Parts of a sum. Fixed, so that the result does not depend on the threads. */
    private static final int PARTS = 8;

    private RowSums() {}

    /** Rows of a part. */
    static int blockRows(int rows) {
        return (rows + PARTS - 1) / PARTS;
    }

    /** Memory for the sums of the parts. */
    static float[][] partial(int rows, int columns) {
        int blockRows = blockRows(rows);
        return new float[(rows + blockRows - 1) / blockRows][columns];
    }

    /** Adds the sums of the parts in their order to a row. */
    static void addAll(float[][] partial, Matrix sums) {
        float[] total = new float[sums.size()];
        sums.get(total);
        for (float[] part : partial) {
            HostKernels.add(total, part, total.length);
        }
        sums.put(total);
    }
}
