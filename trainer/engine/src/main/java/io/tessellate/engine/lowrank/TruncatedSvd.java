package io.tessellate.engine.lowrank;

import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The largest singular values of a matrix with their vectors, by randomised subspace iteration (Halko, Martinsson and Tropp
 * 2011, <a href="https://arxiv.org/abs/0909.4061">0909.4061</a>, algorithm 4.4) in double precision: a random subspace a
 * little larger than the rank is multiplied by W W^T and orthonormalised again and again, then the small matrix that W is
 * on it is decomposed by one-sided Jacobi rotations. Seeded, hence always the same.
 *
 * @param values in descending order
 * @param left one vector of length rows for each value
 * @param right one vector of length columns for each value
 */
record TruncatedSvd(double[] values, double[][] left, double[][] right) {
    private static final int OVERSAMPLING = 8;
    private static final int ITERATIONS = 8;
    private static final int SWEEPS = 60;
    private static final double ORTHOGONAL = 1e-13;

    /** At most {@code rank} of them; fewer if the matrix has no more rows or columns. */
    static TruncatedSvd of(float[] matrix, int rows, int columns, int rank, RandomGenerator random) {
        int wanted = Math.min(rank, Math.min(rows, columns));
        int width = Math.min(wanted + OVERSAMPLING, Math.min(rows, columns));
        double[][] basis = new double[width][columns];
        for (double[] vector : basis) {
            Arrays.setAll(vector, j -> random.nextGaussian());
        }
        double[][] range = orthonormal(times(matrix, rows, columns, basis));
        for (int n = 0; n < ITERATIONS; n++) {
            range = orthonormal(times(matrix, rows, columns, orthonormal(transposedTimes(matrix, columns, range))));
        }
        return decompose(range, transposedTimes(matrix, columns, range), wanted);
    }

    /** W v for each vector. */
    private static double[][] times(float[] matrix, int rows, int columns, double[][] vectors) {
        double[][] products = new double[vectors.length][rows];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < vectors.length; k++) {
                double sum = 0;
                for (int j = 0; j < columns; j++) {
                    sum += matrix[i * columns + j] * vectors[k][j];
                }
                products[k][i] = sum;
            }
        }
        return products;
    }

    /** W^T u for each vector. */
    private static double[][] transposedTimes(float[] matrix, int columns, double[][] vectors) {
        double[][] products = new double[vectors.length][columns];
        for (int i = 0; i < vectors[0].length; i++) {
            for (int k = 0; k < vectors.length; k++) {
                add(matrix, i * columns, vectors[k][i], products[k]);
            }
        }
        return products;
    }

    private static void add(float[] matrix, int from, double factor, double[] sum) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += factor * matrix[from + j];
        }
    }

    /** Gram and Schmidt, twice for orthogonality to the last bits. A vector that others span becomes zero. */
    private static double[][] orthonormal(double[][] vectors) {
        for (int k = 0; k < vectors.length; k++) {
            double before = Math.sqrt(dot(vectors[k], vectors[k]));
            for (int pass = 0; pass < 2; pass++) {
                for (int other = 0; other < k; other++) {
                    subtract(vectors[k], dot(vectors[k], vectors[other]), vectors[other]);
                }
            }
            double length = Math.sqrt(dot(vectors[k], vectors[k]));
            scale(vectors[k], length > 1e-12 * before ? 1 / length : 0);
        }
        return vectors;
    }

    /** W = Q (W^T Q)^T; rotates the columns of W^T Q until they are orthogonal: their lengths are the singular values. */
    private static TruncatedSvd decompose(double[][] range, double[][] images, int wanted) {
        for (int sweep = 0; sweep < SWEEPS && rotate(range, images); sweep++) {
            // Converges quadratically: a handful of sweeps.
        }
        double[] lengths = Arrays.stream(images)
                .mapToDouble(image -> Math.sqrt(dot(image, image)))
                .toArray();
        int[] order = IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingDouble(k -> -lengths[k]))
                .limit(wanted)
                .mapToInt(Integer::intValue)
                .toArray();
        for (int k : order) {
            scale(images[k], lengths[k] > 0 ? 1 / lengths[k] : 0);
        }
        return new TruncatedSvd(
                IntStream.of(order).mapToDouble(k -> lengths[k]).toArray(),
                IntStream.of(order).mapToObj(k -> range[k]).toArray(double[][]::new),
                IntStream.of(order).mapToObj(k -> images[k]).toArray(double[][]::new));
    }

    /** One sweep over all pairs; whether any was turned. The same rotation of both sides leaves their product as it is. */
    private static boolean rotate(double[][] range, double[][] images) {
        boolean turned = false;
        for (int p = 0; p < images.length; p++) {
            for (int q = p + 1; q < images.length; q++) {
                double alpha = dot(images[p], images[p]);
                double beta = dot(images[q], images[q]);
                double gamma = dot(images[p], images[q]);
                if (Math.abs(gamma) > ORTHOGONAL * Math.sqrt(alpha * beta)) {
                    double zeta = (beta - alpha) / (2 * gamma);
                    double tangent = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
                    turn(images[p], images[q], tangent);
                    turn(range[p], range[q], tangent);
                    turned = true;
                }
            }
        }
        return turned;
    }

    private static void turn(double[] p, double[] q, double tangent) {
        double cosine = 1 / Math.hypot(1, tangent);
        double sine = cosine * tangent;
        for (int i = 0; i < p.length; i++) {
            double old = p[i];
            p[i] = cosine * old - sine * q[i];
            q[i] = sine * old + cosine * q[i];
        }
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static void subtract(double[] from, double factor, double[] vector) {
        for (int i = 0; i < from.length; i++) {
            from[i] -= factor * vector[i];
        }
    }

    private static void scale(double[] vector, double factor) {
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= factor;
        }
    }
}
