package io.tessellate.mask.spectrum;

import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.MaskDegrees;
import io.tessellate.mask.SplitMix;
import java.util.Arrays;

/**
 * The two largest singular values of a mask's matrix of zeros and ones: the first by power iteration, the second by the Lanczos
 * method on what is left when the first one's vector is taken out, so that a second value equal to the first, that of a graph
 * in two parts, is not overlooked.
 */
public final class MaskSpectrum {
    private static final double TOLERANCE = 1e-13;
    private static final int MOST_ITERATIONS = 5000;
    private static final int CHECK_EVERY = 4;

    /** Entries of each line of the shorter side: positions along the longer one. */
    private final int[][] entries;
    /** M'x or Mx, kept between steps. */
    private final double[] inner;

    private MaskSpectrum(int[][] entries, int length) {
        this.entries = entries;
        this.inner = new double[length];
    }

    /** What a mask is worth as a graph in one tensor. */
    public static SpectralCertificate of(Mask mask, int tensor) {
        EligibleTensor shape = mask.space().tensor(tensor);
        MaskDegrees degrees = MaskDegrees.of(mask, tensor);
        int[] ofRow = degrees.ofRow();
        int[] ofColumn = degrees.ofColumn();
        MaskSpectrum spectrum = new MaskSpectrum(
                shape.rows() <= shape.columns()
                        ? lines(mask, tensor, ofRow, true)
                        : lines(mask, tensor, ofColumn, false),
                Math.max(shape.rows(), shape.columns()));
        if (mask.cardinality(tensor) == 0) {
            return new SpectralCertificate(0, 0, 0, 0, 0, 0, 0, shape.rows(), shape.columns());
        }
        double[] first = spectrum.firstVector();
        double sigma1 = Math.sqrt(spectrum.quotient(first));
        double mean1 = (double) mask.cardinality(tensor) / shape.rows();
        double mean2 = (double) mask.cardinality(tensor) / shape.columns();
        return new SpectralCertificate(
                sigma1,
                Math.min(sigma1, Math.sqrt(Math.max(0, spectrum.largestWithout(first)))),
                Math.sqrt(Math.max(0, mean1 - 1)) + Math.sqrt(Math.max(0, mean2 - 1)),
                MaskDegrees.least(ofRow),
                MaskDegrees.most(ofRow),
                MaskDegrees.least(ofColumn),
                MaskDegrees.most(ofColumn),
                zeros(ofRow),
                zeros(ofColumn));
    }

    private static int zeros(int[] degrees) {
        return (int) Arrays.stream(degrees).filter(degree -> degree == 0).count();
    }

    private static int[][] lines(Mask mask, int tensor, int[] degrees, boolean rows) {
        int columns = mask.space().tensor(tensor).columns();
        int[][] lines = Arrays.stream(degrees).mapToObj(int[]::new).toArray(int[][]::new);
        int[] filled = new int[degrees.length];
        mask.forEach(tensor, index -> {
            int line = rows ? index / columns : index % columns;
            lines[line][filled[line]++] = rows ? index % columns : index / columns;
        });
        return lines;
    }

    /** M M'x, or M'M x where the columns are fewer. */
    private double[] apply(double[] x) {
        Arrays.fill(inner, 0);
        for (int line = 0; line < entries.length; line++) {
            for (int place : entries[line]) {
                inner[place] += x[line];
            }
        }
        double[] image = new double[x.length];
        for (int line = 0; line < entries.length; line++) {
            double sum = 0;
            for (int place : entries[line]) {
                sum += inner[place];
            }
            image[line] = sum;
        }
        return image;
    }

    private double quotient(double[] unit) {
        return dot(unit, apply(unit));
    }

    /** Begins with the roots of the degrees: for a biregular mask that is the vector already. */
    private double[] firstVector() {
        double[] vector = Arrays.stream(entries)
                .mapToDouble(line -> Math.sqrt(line.length))
                .toArray();
        scale(vector, 1 / norm(vector));
        for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
            double[] image = apply(vector);
            scale(image, 1 / norm(image));
            double change = distance(image, vector);
            vector = image;
            if (change < TOLERANCE) {
                break;
            }
        }
        return vector;
    }

    private double largestWithout(double[] first) {
        int steps = entries.length - 1;
        if (steps == 0) {
            return 0;
        }
        double[][] basis = new double[steps + 1][];
        basis[0] = first;
        double[] next = start(first);
        Tridiagonal projected = new Tridiagonal(steps);
        double value = 0;
        for (int step = 1; ; step++) {
            basis[step] = next;
            double[] image = apply(next);
            projected.diagonal(dot(next, image));
            orthogonalise(image, basis, step + 1);
            double norm = norm(image);
            boolean exhausted = step == steps || norm <= TOLERANCE * entries.length;
            if (exhausted || step % CHECK_EVERY == 0) {
                double refined = projected.largestEigenvalue();
                if (exhausted || refined - value <= TOLERANCE * refined) {
                    return refined;
                }
                value = refined;
            }
            projected.offDiagonal(norm);
            scale(image, 1 / norm);
            next = image;
        }
    }

    /** The same unit vector each time, in no special direction but across the first. */
    private static double[] start(double[] first) {
        SplitMix random = SplitMix.stream("tessellate-spectrum/1/start");
        double[] vector = new double[first.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (random.next() >> 11) * 0x1p-52;
        }
        orthogonalise(vector, new double[][] {first}, 1);
        scale(vector, 1 / norm(vector));
        return vector;
    }

    /** Twice, because once leaves a rounding residue. */
    private static void orthogonalise(double[] vector, double[][] basis, int count) {
        for (int pass = 0; pass < 2; pass++) {
            for (int b = 0; b < count; b++) {
                double along = dot(vector, basis[b]);
                for (int i = 0; i < vector.length; i++) {
                    vector[i] -= along * basis[b][i];
                }
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double norm(double[] vector) {
        return Math.sqrt(dot(vector, vector));
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    private static void scale(double[] vector, double factor) {
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= factor;
        }
    }
}
