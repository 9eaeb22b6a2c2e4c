package io.tessellate.engine.backend.host;

/**
 * Layer normalisation of a block of rows: y = gain (x - mean) / sqrt(variance + epsilon) + shift.
 *
 * @param columns width of a row
 * @param gain spread over a block
 * @param shift spread over a block
 * @param epsilon added to the variance
 */
record HostNorm(int columns, float[] gain, float[] shift, float epsilon) {
    /** Rows in scratch 0 become normalised there; the result goes to 1, the inverse deviations to 2, one per row. */
    void forward(int rows, float[][] scratch) {
        float[] x = scratch[0];
        float[] y = scratch[1];
        float[] tile = scratch[3];
        int n = rows * columns;
        for (int r = 0; r < rows; r++) {
            HostTile.fillRow(tile, r, columns, HostKernels.sum(x, r * columns, (r + 1) * columns) / columns);
        }
        HostKernels.subtract(x, tile, n);
        HostKernels.product(x, x, y, n);
        for (int r = 0; r < rows; r++) {
            float variance = HostKernels.sum(y, r * columns, (r + 1) * columns) / columns;
            float inverse = (float) (1 / Math.sqrt((double) variance + epsilon));
            scratch[2][r] = inverse;
            HostTile.fillRow(tile, r, columns, inverse);
        }
        HostKernels.multiply(x, tile, n);
        HostKernels.affine(x, gain, shift, y, n);
    }

    /** RMS normalisation: as {@link #forward} without taking out the mean and without a shift. */
    static void rmsForward(int rows, int columns, float[] gain, float epsilon, float[][] scratch) {
        float[] x = scratch[0];
        float[] y = scratch[1];
        float[] tile = scratch[3];
        int n = rows * columns;
        HostKernels.product(x, x, y, n);
        for (int r = 0; r < rows; r++) {
            float square = HostKernels.sum(y, r * columns, (r + 1) * columns) / columns;
            float inverse = (float) (1 / Math.sqrt((double) square + epsilon));
            scratch[2][r] = inverse;
            HostTile.fillRow(tile, r, columns, inverse);
        }
        HostKernels.multiply(x, tile, n);
        HostKernels.product(x, gain, y, n);
    }

    /** Backward of {@link #rmsForward}, as {@link #backward}. */
    static void rmsBackward(int rows, int columns, float[] gain, float[] gainSums, float[][] scratch) {
        float[] g = scratch[0];
        float[] x = scratch[1];
        float[] products = scratch[3];
        float[] tile = scratch[4];
        int n = rows * columns;
        HostKernels.addProduct(gainSums, g, x, n);
        HostKernels.multiply(g, gain, n);
        HostKernels.product(g, x, products, n);
        for (int r = 0; r < rows; r++) {
            HostTile.fillRow(tile, r, columns, HostKernels.sum(products, r * columns, (r + 1) * columns) / columns);
        }
        HostKernels.subtractProduct(g, x, tile, n);
        for (int r = 0; r < rows; r++) {
            HostTile.fillRow(tile, r, columns, scratch[2][r]);
        }
        HostKernels.multiply(g, tile, n);
    }

    /** What the gain and shift get from the rows of one part of a matrix, spread over a block. */
    record Sums(float[] gain, float[] shift) {}

    /**
     * Gradients of the results in scratch 0 become those of the inputs; the normalised rows are read from 1, the inverse
     * deviations from 2.
     */
    static void backward(int rows, int columns, float[] gain, Sums sums, float[][] scratch) {
        float[] g = scratch[0];
        float[] x = scratch[1];
        float[] products = scratch[3];
        float[] means = scratch[4];
        int n = rows * columns;
        HostKernels.add(sums.shift(), g, n);
        HostKernels.addProduct(sums.gain(), g, x, n);
        HostKernels.multiply(g, gain, n);
        HostKernels.product(g, x, products, n);
        for (int r = 0; r < rows; r++) {
            HostTile.fillRow(means, r, columns, HostKernels.sum(g, r * columns, (r + 1) * columns) / columns);
        }
        HostKernels.subtract(g, means, n);
        for (int r = 0; r < rows; r++) {
            HostTile.fillRow(means, r, columns, HostKernels.sum(products, r * columns, (r + 1) * columns) / columns);
        }
        HostKernels.subtractProduct(g, x, means, n);
        for (int r = 0; r < rows; r++) {
            HostTile.fillRow(means, r, columns, scratch[2][r]);
        }
        HostKernels.multiply(g, means, n);
    }
}
