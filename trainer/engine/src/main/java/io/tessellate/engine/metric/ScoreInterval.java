package io.tessellate.engine.metric;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Where a score may well lie if other examples of the same kind had been drawn: with a confidence of {@value #LEVEL}.
 *
 * @param low lower end
 * @param high upper end
 * @param method how it was found
 */
public record ScoreInterval(double low, double high, Method method) {
    /** Its confidence. */
    public static final double LEVEL = 0.95;

    /** Samples drawn by the bootstrap. */
    public static final int DRAWS = 1000;

    /** The 0.975 quantile of the standard normal distribution. */
    private static final double QUANTILE = 1.959963984540054;

    private static final long SEED = 0x7E55_E11A_7EL;

    /** How an interval is found. */
    public enum Method {
        /** Wilson's score interval, of proportions. */
        WILSON,
        /** Percentiles of the score over examples drawn again with replacement, from a fixed seed. */
        BOOTSTRAP;

        /** As people and files call it. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** The interval of a score. */
    public static ScoreInterval of(Outcomes outcomes) {
        return outcomes.proportion() ? wilson(outcomes.hits(), outcomes.size()) : bootstrap(outcomes);
    }

    /**
     * Wilson's interval of a proportion: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) (Wilson 1927).
     *
     * @param hits how many of {@code of} came true
     */
    public static ScoreInterval wilson(long hits, long of) {
        double share = (double) hits / of;
        double square = QUANTILE * QUANTILE / of;
        double middle = share + square / 2;
        double half = QUANTILE * Math.sqrt(share * (1 - share) / of + square / (4.0 * of));
        return new ScoreInterval(
                Math.max(0, (middle - half) / (1 + square)),
                Math.min(1, (middle + half) / (1 + square)),
                Method.WILSON);
    }

    private static ScoreInterval bootstrap(Outcomes outcomes) {
        return bootstrap(outcomes.size(), outcomes::score);
    }

    /**
     * The percentile bootstrap (Efron 1979): the score of as many examples drawn with replacement, {@value #DRAWS} times.
     *
     * @param examples how many there are
     * @param score of the examples at some places
     */
    static ScoreInterval bootstrap(int examples, ToDoubleFunction<int[]> score) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] scores = new double[DRAWS];
        int[] places = new int[examples];
        for (int draw = 0; draw < DRAWS; draw++) {
            for (int i = 0; i < examples; i++) {
                places[i] = random.nextInt(examples);
            }
            scores[draw] = score.applyAsDouble(places);
        }
        Arrays.sort(scores);
        int tail = (int) Math.floor((1 - LEVEL) / 2 * DRAWS);
        return new ScoreInterval(scores[tail], scores[DRAWS - 1 - tail], Method.BOOTSTRAP);
    }
}
