package io.tessellate.engine.experiment;

import java.util.stream.IntStream;

/**
 * Whether two arms differ, seed by seed: the exact sign-flip test of the mean difference. If there were no difference, each
 * seed's difference could as well have had the other sign; p is the share of the 2^n ways to choose signs that give a mean
 * at least as far from 0. Nothing is assumed of the distribution, and p cannot be below 2 / 2^n.
 *
 * @param mean mean of the differences
 * @param p two-sided
 * @param pairs number of seeds
 */
record PairedTest(double mean, double p, int pairs) {
    private static final int MOST_PAIRS = 20;
    /** Sums of the same numbers in another order differ by rounding. */
    private static final double ROUNDING = 1e-12;

    static PairedTest of(double[] a, double[] b) {
        if (a.length != b.length || a.length == 0 || a.length > MOST_PAIRS) {
            throw new IllegalArgumentException(
                    "%d and %d values do not pair, or are more than %d".formatted(a.length, b.length, MOST_PAIRS));
        }
        double[] differences =
                IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
        double observed = sum(differences, 0);
        int ways = 1 << differences.length;
        long asFar = IntStream.range(0, ways)
                .filter(signs -> Math.abs(sum(differences, signs)) >= Math.abs(observed) - ROUNDING)
                .count();
        return new PairedTest(observed / differences.length, (double) asFar / ways, differences.length);
    }

    private static double sum(double[] differences, int signs) {
        double sum = 0;
        for (int i = 0; i < differences.length; i++) {
            sum += (signs >> i & 1) == 0 ? differences[i] : -differences[i];
        }
        return sum;
    }
}
