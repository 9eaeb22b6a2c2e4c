package io.tessellate.mask.spectrum;

import io.tessellate.mask.SplitMix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Largest singular value of a complex matrix A by the Lanczos method on A·A*, every vector kept orthogonal to all before it.
 * The approximations grow towards the value from below, so a search may stop as soon as one exceeds a limit.
 */
public final class SpectralNorm {
    private static final double TOLERANCE = 1e-13;
    private static final int CHECK_EVERY = 4;

    /** Rows of A, at most as many as columns (a taller matrix is transposed: same singular values). */
    private final int rows;

    private final int columns;
    /** [row * columns + column] */
    private final double[] real;

    private final double[] imaginary;
    /** A* x, kept between steps. */
    private final double[] innerReal;

    private final double[] innerImaginary;

    private SpectralNorm(double[] real, double[] imaginary, int rows, int columns) {
        this.real = real;
        this.imaginary = imaginary;
        this.rows = rows;
        this.columns = columns;
        this.innerReal = new double[columns];
        this.innerImaginary = new double[columns];
    }

    /** The norm, or some value above {@code limit} if the norm is above it. */
    public static double of(double[] real, double[] imaginary, int rows, int columns, double limit) {
        SpectralNorm norm = rows <= columns
                ? new SpectralNorm(real, imaginary, rows, columns)
                : new SpectralNorm(
                        transposed(real, rows, columns), transposed(imaginary, rows, columns), columns, rows);
        return Math.sqrt(norm.largestEigenvalue(limit * limit));
    }

    private static double[] transposed(double[] matrix, int rows, int columns) {
        double[] transposed = new double[matrix.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                transposed[j * rows + i] = matrix[i * columns + j];
            }
        }
        return transposed;
    }

    private double largestEigenvalue(double limit) {
        List<ComplexVector> basis = new ArrayList<>();
        Tridiagonal projected = new Tridiagonal(rows);
        ComplexVector next = ComplexVector.random(rows);
        double value = 0;
        for (int step = 1; ; step++) {
            basis.add(next);
            ComplexVector image = apply(next);
            projected.diagonal(next.dot(image));
            image.orthogonalise(basis);
            double norm = image.norm();
            boolean exhausted = step == rows || norm <= TOLERANCE * Math.abs(projected.firstDiagonal());
            if (exhausted || step % CHECK_EVERY == 0) {
                double refined = projected.largestEigenvalue();
                if (exhausted || refined > limit || refined - value <= TOLERANCE * refined) {
                    return refined;
                }
                value = refined;
            }
            projected.offDiagonal(norm);
            image.scale(1 / norm);
            next = image;
        }
    }

    /** A A* x; the two loops run over whole rows so that they vectorise. */
    private ComplexVector apply(ComplexVector x) {
        Arrays.fill(innerReal, 0);
        Arrays.fill(innerImaginary, 0);
        for (int i = 0; i < rows; i++) {
            double xr = x.real[i];
            double xi = x.imaginary[i];
            int row = i * columns;
            for (int j = 0; j < columns; j++) {
                innerReal[j] += real[row + j] * xr + imaginary[row + j] * xi;
                innerImaginary[j] += real[row + j] * xi - imaginary[row + j] * xr;
            }
        }
        ComplexVector image = new ComplexVector(rows);
        for (int i = 0; i < rows; i++) {
            int row = i * columns;
            double sumReal = 0;
            double sumImaginary = 0;
            for (int j = 0; j < columns; j++) {
                sumReal += real[row + j] * innerReal[j] - imaginary[row + j] * innerImaginary[j];
                sumImaginary += real[row + j] * innerImaginary[j] + imaginary[row + j] * innerReal[j];
            }
            image.real[i] = sumReal;
            image.imaginary[i] = sumImaginary;
        }
        return image;
    }

    /** A vector of complex numbers. */
    private static final class ComplexVector {
        private final double[] real;
        private final double[] imaginary;

        ComplexVector(int length) {
            this.real = new double[length];
            this.imaginary = new double[length];
        }

        /** The same unit vector each time, in no special direction. */
        static ComplexVector random(int length) {
            SplitMix random = SplitMix.stream("tessellate-lift/1/start");
            ComplexVector vector = new ComplexVector(length);
            for (int i = 0; i < length; i++) {
                vector.real[i] = (random.next() >> 11) * 0x1p-52;
                vector.imaginary[i] = (random.next() >> 11) * 0x1p-52;
            }
            vector.scale(1 / vector.norm());
            return vector;
        }

        /** Real part of the inner product. */
        double dot(ComplexVector other) {
            double sum = 0;
            for (int i = 0; i < real.length; i++) {
                sum += real[i] * other.real[i] + imaginary[i] * other.imaginary[i];
            }
            return sum;
        }

        double norm() {
            return Math.sqrt(dot(this));
        }

        void scale(double factor) {
            for (int i = 0; i < real.length; i++) {
                real[i] *= factor;
                imaginary[i] *= factor;
            }
        }

        /** Takes away the parts along orthonormal vectors; twice, because once leaves a rounding residue. */
        void orthogonalise(List<ComplexVector> basis) {
            for (int pass = 0; pass < 2; pass++) {
                for (ComplexVector b : basis) {
                    subtractProjection(b);
                }
            }
        }

        private void subtractProjection(ComplexVector b) {
            double re = 0;
            double im = 0;
            for (int i = 0; i < real.length; i++) {
                re += b.real[i] * real[i] + b.imaginary[i] * imaginary[i];
                im += b.real[i] * imaginary[i] - b.imaginary[i] * real[i];
            }
            for (int i = 0; i < real.length; i++) {
                real[i] -= re * b.real[i] - im * b.imaginary[i];
                imaginary[i] -= re * b.imaginary[i] + im * b.real[i];
            }
        }
    }
}
