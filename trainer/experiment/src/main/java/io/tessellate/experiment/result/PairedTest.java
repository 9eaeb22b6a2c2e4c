package io.tessellate.experiment.result;

import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Whether two arms differ, seed by seed: the exact sign-flip test of the mean difference. If there were no difference, each
 * seed's difference could as well have had the other sign; p is the share of the 2^n ways to choose signs that give a mean
 * at least as far from 0. Nothing is assumed of the distribution, and p cannot be below 2 / 2^n. With more than 20 pairs a
 * fixed random sample of 2^20 ways stands for all of them.
 *
 * @param mean mean of the differences
 * @param p two-sided
 * @param pairs number of seeds
 */
public record PairedTest(double mean, double p, int pairs) {
    private static final int MOST_EXACT = 20;
    /** Sums of the same numbers in another order differ by rounding. */
    private static final double ROUNDING = 1e-12;

    public static PairedTest of(double[] a, double[] b) {
        if (a.length != b.length || a.length == 0) {
            throw new IllegalArgumentException("%d and %d values do not pair".formatted(a.length, b.length));
        }
        double[] differences =
                IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
        boolean exact = differences.length <= MOST_EXACT;
        SplittableRandom random = new SplittableRandom(1);
        int ways = 1 << Math.min(differences.length, MOST_EXACT);
        double observed = Math.abs(sum(differences, 0));
        IntToDoubleFunction mean =
                exact ? signs -> sum(differences, signs) : sample -> sum(differences, random.nextLong());
        long asFar = IntStream.range(0, ways)
                .mapToDouble(mean)
                .filter(sum -> Math.abs(sum) >= observed - ROUNDING)
                .count();
        return new PairedTest(sum(differences, 0) / differences.length, (double) asFar / ways, differences.length);
    }

    private static double sum(double[] differences, long signs) {
        double sum = 0;
        for (int i = 0; i < differences.length; i++) {
            sum += (signs >> i & 1) == 0 ? differences[i] : -differences[i];
        }
        return sum;
    }
}
