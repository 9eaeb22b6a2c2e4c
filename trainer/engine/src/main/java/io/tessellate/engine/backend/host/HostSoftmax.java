package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.HeadShape;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Softmax of a block of rows, from scratch 0 to 1. */
final class HostSoftmax {
    private HostSoftmax() {}

    /**
     * Softmax of the scaled {@code live} entries of each row; the others get 0. Scratch 0 keeps what the exponential
     * was taken of, 2 keeps 1 / sum all over each row.
     */
    static void rows(float[][] scratch, int rows, int columns, Live live, float scale) {
        float[] x = scratch[0];
        float[] y = scratch[1];
        float[] tile = scratch[2];
        int n = rows * columns;
        for (int r = 0; r < rows; r++) {
            int from = r * columns;
            float max = HostKernels.max(x, from + live.first(r), from + live.end(r));
            HostTile.fillRow(tile, r, columns, max);
        }
        HostKernels.shiftAndScale(x, tile, scale, n);
        HostKernels.expNonPositive(x, y, n);
        for (int r = 0; r < rows; r++) {
            int from = r * columns;
            int first = from + live.first(r);
            int end = from + live.end(r);
            Arrays.fill(y, from, first, 0f);
            Arrays.fill(y, end, from + columns, 0f);
            HostTile.fillRow(tile, r, columns, 1f / HostKernels.sum(y, first, end));
        }
        HostKernels.multiply(y, tile, n);
    }

    /**
     * Scales and caps raw scores where the shape asks for a cap.
     *
     * @return what the scores are still to be multiplied with
     */
    static float capped(float[] scores, int n, HeadShape shape) {
        if (shape.softCap() == 0) {
            return shape.scale();
        }
        HostKernels.scale(scores, shape.scale(), n);
        HostKernels.softCap(scores, shape.softCap(), n);
        return 1;
    }

    /**
     * Gradients of the probabilities in scratch 0 become those of the raw scores; the probabilities are read from 1.
     */
    static void backward(float[][] scratch, int rows, int columns, float scale) {
        float[] products = scratch[2];
        float[] dots = scratch[3];
        int n = rows * columns;
        HostKernels.product(scratch[0], scratch[1], products, n);
        for (int r = 0; r < rows; r++) {
            HostTile.fillRow(dots, r, columns, HostKernels.sum(products, r * columns, (r + 1) * columns));
        }
        HostKernels.softmaxGradient(scratch[0], scratch[1], dots, scale, n);
    }

    /**
     * What -log p[target] is in each row; scale (p - onehot) goes to scratch 1.
     *
     * @param losses gets one loss per row, from {@code firstRow} on
     */
    static void crossEntropy(float[][] scratch, int columns, int[] targets, float scale, Losses losses) {
        float[] y = scratch[1];
        rows(scratch, losses.rows(), columns, new Live(row -> 0, row -> columns), 1f);
        for (int r = 0; r < losses.rows(); r++) {
            int target = r * columns + targets[losses.firstRow() + r];
            losses.values()[losses.firstRow() + r] = -Math.log(scratch[2][r * columns]) - scratch[0][target];
            y[target] -= 1;
        }
        HostKernels.scale(y, scale, losses.rows() * columns);
    }

    /**
     * Which entries of a row take part.
     *
     * @param from first entry by row
     * @param to index after the last, by row
     */
    record Live(IntUnaryOperator from, IntUnaryOperator to) {
        int first(int row) {
            return from.applyAsInt(row);
        }

        int end(int row) {
            return to.applyAsInt(row);
        }
    }

    /** Where the losses of a block's rows go. */
    record Losses(double[] values, int firstRow, int rows) {}
}
