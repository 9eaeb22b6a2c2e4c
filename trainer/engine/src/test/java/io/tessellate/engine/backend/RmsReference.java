package io.tessellate.engine.backend;

import io.tessellate.engine.Rounding;

/**
 * Root mean square normalisation of rows and its slopes by their definitions, in double precision.
 *
 * @param x the rows
 * @param gain what each column is multiplied with
 * @param inverse 1 / the root mean square of each row
 */
record RmsReference(double[] x, double[] gain, double[] inverse) {
    static RmsReference of(double[] x, NormKernels.Rms norm) {
        double[] gain = KernelMemory.wide(norm.gain());
        int columns = gain.length;
        double[] inverse = new double[x.length / columns];
        for (int r = 0; r < inverse.length; r++) {
            double square = 0;
            for (int c = 0; c < columns; c++) {
                square += x[r * columns + c] * x[r * columns + c] / columns;
            }
            inverse[r] = 1 / Math.sqrt(square + norm.epsilon());
        }
        for (int c = 0; c < columns; c++) {
            gain[c] += norm.offset();
        }
        return new RmsReference(x, gain, inverse);
    }

    double[] result() {
        double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = x[i] * inverse[i / gain.length] * gain[i % gain.length];
        }
        return result;
    }

    /**
     * What comes out of the backward pass, and what it is added up from without signs.
     *
     * @param rows how many
     */
    record Slopes(int rows, double[] dx, double[] parts, double[] gains, double[] magnitudes) {
        void compare(double[] gradient, double[] gainSums) {
            Rounding.single(3L * gains.length + Rounding.FUNCTION).assertClose(gradient, dx, parts);
            Rounding.single(rows + 3L * gains.length + Rounding.FUNCTION).assertClose(gainSums, gains, magnitudes);
        }
    }

    /** From the gradient of the result, with the sums that those of the gain are added to. */
    Slopes slopes(double[] dy, double[] sums) {
        int columns = gain.length;
        double[] gains = sums.clone();
        double[] magnitudes = ReferenceKernels.absolute(gains);
        double[] dx = new double[x.length];
        double[] parts = new double[x.length];
        for (int r = 0; r < inverse.length; r++) {
            double dot = 0;
            double absolute = 0;
            for (int c = 0; c < columns; c++) {
                int i = r * columns + c;
                gains[c] += dy[i] * x[i] * inverse[r];
                magnitudes[c] += Math.abs(dy[i] * x[i] * inverse[r]);
                dot += dy[i] * gain[c] * x[i] * inverse[r] / columns;
                absolute += Math.abs(dy[i] * gain[c] * x[i] * inverse[r] / columns);
            }
            for (int c = 0; c < columns; c++) {
                int i = r * columns + c;
                dx[i] = inverse[r] * (dy[i] * gain[c] - x[i] * inverse[r] * dot);
                parts[i] = inverse[r] * (Math.abs(dy[i] * gain[c]) + Math.abs(x[i] * inverse[r]) * absolute);
            }
        }
        return new Slopes(inverse.length, dx, parts, gains, magnitudes);
    }
}
