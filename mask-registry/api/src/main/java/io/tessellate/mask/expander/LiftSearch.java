package io.tessellate.mask.expander;

import io.tessellate.mask.spectrum.SpectralNorm;

/**
 * Draws shifts until their second singular value meets the Ramanujan bound.
 *
 * @param draw the draw that is kept
 * @param sigma2 its second singular value
 */
record LiftSearch(int draw, double sigma2) {

    static LiftSearch best(int rows, int columns, int classes, long seed) {
        double bound = bound(rows, columns);
        LiftSearch best = new LiftSearch(0, Double.POSITIVE_INFINITY);
        for (int draw = 0; draw < LiftedTensor.MAX_DRAWS && best.sigma2 > bound; draw++) {
            int[] shifts = LiftedTensor.shapeShifts(rows, columns, classes, seed, draw);
            double sigma2 = sigma2(shifts, rows, columns, classes, Math.max(bound, best.sigma2));
            if (sigma2 < best.sigma2) {
                best = new LiftSearch(draw, sigma2);
            }
        }
        return best;
    }

    static double bound(int rows, int columns) {
        return Math.sqrt(rows - 1.0) + Math.sqrt(columns - 1.0);
    }

    /** Second singular value of the lifted mask; infinity as soon as it is seen to be above {@code limit}. */
    static double sigma2(int[] shifts, int rows, int columns, int classes, double limit) {
        double largest = 0;
        for (int k = 1; k <= classes / 2; k++) {
            double[] real = phases(shifts, k, classes, true);
            double[] imaginary = phases(shifts, k, classes, false);
            double norm = SpectralNorm.of(real, imaginary, rows, columns, limit);
            if (norm > limit) {
                return Double.POSITIVE_INFINITY;
            }
            largest = Math.max(largest, norm);
        }
        return largest;
    }

    private static double[] phases(int[] shifts, int k, int classes, boolean real) {
        double[] table = new double[classes];
        for (int f = 0; f < classes; f++) {
            double angle = 2 * Math.PI * ((long) k * f % classes) / classes;
            table[f] = real ? StrictMath.cos(angle) : StrictMath.sin(angle);
        }
        double[] phases = new double[shifts.length];
        for (int n = 0; n < shifts.length; n++) {
            phases[n] = table[shifts[n]];
        }
        return phases;
    }
}
