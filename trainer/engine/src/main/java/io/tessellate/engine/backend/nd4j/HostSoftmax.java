package io.tessellate.engine.backend.nd4j;

/** Softmax of a block of rows, from scratch 0 to 1. */
final class HostSoftmax {
    private HostSoftmax() {}

    /** p = exp(x - max) / sum; scratch 0 keeps x - max, 2 keeps 1 / sum over each row. */
    private static void rows(float[][] scratch, int rows, int columns) {
        float[] x = scratch[0];
        float[] y = scratch[1];
        float[] tile = scratch[2];
        int n = rows * columns;
        for (int r = 0; r < rows; r++) {
            HostTile.fillRow(tile, r, columns, HostKernels.max(x, r * columns, (r + 1) * columns));
        }
        HostKernels.subtract(x, tile, n);
        HostKernels.expNonPositive(x, y, n);
        for (int r = 0; r < rows; r++) {
            HostTile.fillRow(tile, r, columns, 1f / HostKernels.sum(y, r * columns, (r + 1) * columns));
        }
        HostKernels.multiply(y, tile, n);
    }

    /**
     * What -log p[target] is in each row; scale (p - onehot) goes to scratch 1.
     *
     * @param losses gets one loss per row, from {@code firstRow} on
     */
    static void crossEntropy(float[][] scratch, int columns, int[] targets, float scale, Losses losses) {
        float[] y = scratch[1];
        rows(scratch, losses.rows(), columns);
        for (int r = 0; r < losses.rows(); r++) {
            int target = r * columns + targets[losses.firstRow() + r];
            losses.values()[losses.firstRow() + r] = -Math.log(scratch[2][r * columns]) - scratch[0][target];
            y[target] -= 1;
        }
        HostKernels.scale(y, scale, losses.rows() * columns);
    }

    /** Where the losses of a block's rows go. */
    record Losses(double[] values, int firstRow, int rows) {}
}
