package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.nd4j.HostKernels.NormMeans;

/**
 * Layer normalisation of a block of rows: y = gain (x - mean) / sqrt(variance + epsilon) + shift.
 *
 * @param columns width of a row
 * @param gain one per column
 * @param shift one per column
 * @param epsilon added to the variance
 */
record HostNorm(int columns, float[] gain, float[] shift, float epsilon) {
    /** Rows in scratch 0 become normalised there; the result goes to 1, the inverse deviations to 2, one per row. */
    void forward(int rows, float[][] scratch) {
        float[] x = scratch[0];
        float[] y = scratch[1];
        for (int r = 0; r < rows; r++) {
            int from = r * columns;
            int to = from + columns;
            HostKernels.addScalar(x, -HostKernels.sum(x, from, to) / columns, from, to);
            HostKernels.product(x, x, y, from, to);
            float variance = HostKernels.sum(y, from, to) / columns;
            float inverse = (float) (1 / Math.sqrt((double) variance + epsilon));
            HostKernels.scale(x, inverse, from, to);
            HostKernels.affine(x, from, gain, shift, y, columns);
            scratch[2][r] = inverse;
        }
    }

    /**
     * Gradients of the results in scratch 0 become those of the inputs; the normalised rows are read from 1, the inverse
     * deviations from 2; what the gain and shift get is added to {@code gainSums} and {@code shiftSums}.
     */
    static void backward(
            int rows, int columns, float[] gain, float[] gainSums, float[] shiftSums, float[][] scratch) {
        float[] g = scratch[0];
        float[] x = scratch[1];
        float[] products = scratch[3];
        for (int r = 0; r < rows; r++) {
            int from = r * columns;
            int to = from + columns;
            HostKernels.addFrom(shiftSums, g, from, columns);
            HostKernels.addProductFrom(gainSums, g, x, from, columns);
            HostKernels.multiplyAt(g, from, gain, columns);
            HostKernels.product(g, x, products, from, to);
            float meanG = HostKernels.sum(g, from, to) / columns;
            float meanGx = HostKernels.sum(products, from, to) / columns;
            HostKernels.centre(g, x, from, to, new NormMeans(meanG, meanGx, scratch[2][r]));
        }
    }
}
