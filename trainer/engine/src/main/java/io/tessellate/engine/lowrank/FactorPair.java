package io.tessellate.engine.lowrank;

import java.util.Arrays;

/**
 * The factors of a low-rank change B A.
 *
 * @param a right factor [rank, columns], row-major; not copied
 * @param b left factor [rows, rank], row-major; not copied
 */
public record FactorPair(int rank, float[] a, float[] b) {
    /** Rows of the product. */
    public int rows() {
        return b.length / rank;
    }

    /** Columns of the product. */
    public int columns() {
        return a.length / rank;
    }

    /** Writes one row of the product: {@code into[j] = sum over k of B[row, k] A[k, j]}. */
    public void row(int row, float[] into) {
        int columns = columns();
        Arrays.fill(into, 0, columns, 0f);
        for (int k = 0; k < rank; k++) {
            float factor = b[row * rank + k];
            int from = k * columns;
            for (int j = 0; j < columns; j++) {
                into[j] += factor * a[from + j];
            }
        }
    }

    /**
     * Adds what one row of the gradient of the product means for the factors: {@code dA = B^T dW}, {@code dB = dW A^T}.
     *
     * @param gradient the row of dW
     * @param da sum so far, [rank, columns]
     * @param db its row is set
     */
    public void backward(int row, float[] gradient, float[] da, float[] db) {
        int columns = columns();
        for (int k = 0; k < rank; k++) {
            float factor = b[row * rank + k];
            int from = k * columns;
            double dot = 0;
            for (int j = 0; j < columns; j++) {
                dot += (double) gradient[j] * a[from + j];
                da[from + j] += factor * gradient[j];
            }
            db[row * rank + k] = (float) dot;
        }
    }

    /** The pair whose product is this one's minus the other's: the rank is the sum of both. */
    public FactorPair minus(FactorPair other) {
        int columns = columns();
        int both = rank + other.rank;
        float[] stacked = new float[both * columns];
        System.arraycopy(a, 0, stacked, 0, a.length);
        System.arraycopy(other.a, 0, stacked, a.length, other.a.length);
        float[] beside = new float[rows() * both];
        for (int i = 0; i < rows(); i++) {
            System.arraycopy(b, i * rank, beside, i * both, rank);
            for (int k = 0; k < other.rank; k++) {
                beside[i * both + rank + k] = -other.b[i * other.rank + k];
            }
        }
        return new FactorPair(both, stacked, beside);
    }
}
