package io.tessellate.engine.backend;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** The slow obvious versions of every backend operation, in double precision over row-major arrays. */
public final class ReferenceKernels {
    private static final double STEP = 1e-5;

    private ReferenceKernels() {}

    /** A' B' of the shapes that are left after transposing: [m x k] and [k x n]. */
    public static double[] product(double[] a, boolean ta, double[] b, boolean tb, int m, int k, int n) {
        double[] c = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int l = 0; l < k; l++) {
                    c[i * n + j] += (ta ? a[l * m + i] : a[i * k + l]) * (tb ? b[j * k + l] : b[l * n + j]);
                }
            }
        }
        return c;
    }

    public static double[] absolute(double[] x) {
        return Arrays.stream(x).map(Math::abs).toArray();
    }

    static double[] addRow(double[] x, double[] row) {
        double[] y = x.clone();
        for (int i = 0; i < y.length; i++) {
            y[i] += row[i % row.length];
        }
        return y;
    }

    static double[] columnSums(double[] x, int columns) {
        double[] sums = new double[columns];
        for (int i = 0; i < x.length; i++) {
            sums[i % columns] += x[i];
        }
        return sums;
    }

    /** x Phi(x). */
    public static double gelu(double x) {
        return x * phi(x);
    }

    static double geluSlope(double x) {
        return phi(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /** x Phi(x) with Phi approximated by a tanh. */
    static double tanhGelu(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    /** x sigmoid(x). */
    static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    /** The derivative by central differences. */
    static DoubleUnaryOperator slope(DoubleUnaryOperator function) {
        return x -> (function.applyAsDouble(x + STEP) - function.applyAsDouble(x - STEP)) / (2 * STEP);
    }

    /** The normal distribution function. */
    public static double phi(double x) {
        return 0.5 * (1 + erf(x / Math.sqrt(2)));
    }

    /** Error function: its Taylor series near 0, else a continued fraction; exact to about 1e-15. */
    private static double erf(double x) {
        double z = Math.abs(x);
        if (z > 6) {
            return Math.signum(x);
        }
        if (z < 3) {
            double term = z;
            double sum = z;
            for (int n = 1; term * term > 1e-40; n++) {
                term *= -z * z / n;
                sum += term / (2 * n + 1);
            }
            return Math.signum(x) * 2 / Math.sqrt(Math.PI) * sum;
        }
        double fraction = 0;
        for (int n = 120; n > 0; n--) {
            fraction = n / 2.0 / (z + fraction);
        }
        return Math.signum(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction));
    }

    /** Rows (x - mean) / sqrt(variance + epsilon); the last column of the result holds the factor. */
    static double[][] normalised(double[] x, int columns, double epsilon) {
        int rows = x.length / columns;
        double[][] result = new double[rows][columns + 1];
        for (int r = 0; r < rows; r++) {
            double mean = 0;
            for (int c = 0; c < columns; c++) {
                mean += x[r * columns + c] / columns;
            }
            double variance = 0;
            for (int c = 0; c < columns; c++) {
                variance += Math.pow(x[r * columns + c] - mean, 2) / columns;
            }
            result[r][columns] = 1 / Math.sqrt(variance + epsilon);
            for (int c = 0; c < columns; c++) {
                result[r][c] = (x[r * columns + c] - mean) * result[r][columns];
            }
        }
        return result;
    }
}
