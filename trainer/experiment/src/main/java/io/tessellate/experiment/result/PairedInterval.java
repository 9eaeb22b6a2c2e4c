package io.tessellate.experiment.result;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How far two arms are apart, pair by pair, by Student's t distribution of the mean difference.
 *
 * @param mean mean of the differences
 * @param error its standard error
 * @param pairs at least two
 */
public record PairedInterval(double mean, double error, int pairs) {
    /** Refuses what gives no interval. */
    public PairedInterval {
        if (pairs < 2) {
            throw new IllegalArgumentException("an interval needs at least two pairs, not " + pairs);
        }
    }

    /** Of b subtracted from a. */
    public static PairedInterval of(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("%d and %d values do not pair".formatted(a.length, b.length));
        }
        return of(IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray());
    }

    /** Of differences that are there already. */
    public static PairedInterval of(double[] differences) {
        double mean = DoubleStream.of(differences).average().orElse(0);
        double squares =
                DoubleStream.of(differences).map(d -> (d - mean) * (d - mean)).sum();
        int pairs = differences.length;
        return new PairedInterval(mean, Math.sqrt(squares / Math.max(1, pairs - 1) / pairs), pairs);
    }

    /**
     * Half the width of the interval that covers the true mean with a probability.
     *
     * @param coverage 0.95 for instance
     */
    public double half(double coverage) {
        return error == 0 ? 0 : new StudentT(pairs - 1).exceeded((1 - coverage) / 2) * error;
    }

    /**
     * Two one-sided tests (Schuirmann 1987): p of the hypothesis that the true means are a margin or more apart; small where arms
     * are as good as each other.
     *
     * @param margin greater than 0
     */
    public double asGood(double margin) {
        return Math.max(above(mean + margin), above(margin - mean));
    }

    /** p of the two-sided paired t-test. */
    public double p() {
        return error == 0 ? (mean == 0 ? 1 : 0) : new StudentT(pairs - 1).beyond(mean / error);
    }

    private double above(double distance) {
        if (error == 0) {
            return distance > 0 ? 0 : 1;
        }
        return new StudentT(pairs - 1).above(distance / error);
    }
}
