package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.Matrix;
import java.util.Arrays;

/** Spreads a value per column, or per row, over a block of rows, and folds a block back to one value per column. */
final class HostTile {
    private HostTile() {}

    /** The row that a matrix is, repeated over a block. */
    static float[] of(Matrix vector) {
        float[] row = new float[vector.size()];
        vector.get(row);
        return ofRow(row, RowRunner.blockRows(row.length));
    }

    /** The row repeated as often as a block of that width has rows. */
    static float[] ofRow(float[] row, int rows) {
        float[] tile = new float[row.length * rows];
        for (int r = 0; r < rows; r++) {
            System.arraycopy(row, 0, tile, r * row.length, row.length);
        }
        return tile;
    }

    /** Fills row {@code row} of a block with one value. */
    static void fillRow(float[] tile, int row, int columns, float value) {
        Arrays.fill(tile, row * columns, (row + 1) * columns, value);
    }

    /** Adds all rows of a block to {@code sums}. */
    static void fold(float[] tile, float[] sums) {
        for (int from = 0; from < tile.length; from += sums.length) {
            HostKernels.addFrom(sums, tile, from, sums.length);
        }
    }
}
