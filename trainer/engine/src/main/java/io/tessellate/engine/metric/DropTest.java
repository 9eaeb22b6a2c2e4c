package io.tessellate.engine.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Whether a score really differs from an earlier one on the same examples.
 *
 * @param method how it was tested
 * @param p two-sided: how often a difference at least as large would be seen if there were none
 * @param lost examples that were right, or better, before and are not now: negative flips
 * @param won examples that were wrong, or worse, before and are not now
 */
public record DropTest(Method method, double p, int lost, int won) {
    /** Ways of exchanging predictions that stand for all of them. */
    public static final int PERMUTATIONS = 1999;

    private static final long SEED = 0xD0_0D_5EEDL;
    /** Sums of the same numbers in another order differ by rounding. */
    private static final double ROUNDING = 1e-12;

    /** How it is tested. */
    public enum Method {
        /** McNemar's test by the exact binomial distribution, of hits. */
        MCNEMAR_EXACT,
        /** The score of predictions exchanged between both at random, example by example, from a fixed seed. */
        PERMUTATION;

        /** As people and files call it. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** Tests two scores of the same examples; IllegalArgumentException if they are of others. */
    public static DropTest of(Outcomes before, Outcomes now) {
        if (!before.pairs(now)) {
            throw new IllegalArgumentException("%s and %s are not of the same examples".formatted(before, now));
        }
        int lost = (int) IntStream.range(0, now.size())
                .filter(i -> quality(before, i) > quality(now, i))
                .count();
        int won = (int) IntStream.range(0, now.size())
                .filter(i -> quality(before, i) < quality(now, i))
                .count();
        return before.proportion()
                ? new DropTest(Method.MCNEMAR_EXACT, mcNemar(lost, won), lost, won)
                : new DropTest(Method.PERMUTATION, permutation(before, now), lost, won);
    }

    /** How good a single prediction is; only its order says anything. */
    private static double quality(Outcomes outcomes, int example) {
        return switch (outcomes.metric().kind()) {
            case CLASSES, CHOICES -> outcomes.hit(example) ? 1 : 0;
            case TEXTS -> outcomes.prediction(example);
            case LOSSES -> -outcomes.prediction(example);
            case VALUES -> -Math.abs(outcomes.prediction(example) - outcomes.target(example));
        };
    }

    /**
     * McNemar's test, exact: of the examples that only one of both got right, how likely is a split at least as uneven if each were
     * as likely either way: min(1, 2 P(X <= min(lost, won))), X binomial of n = lost + won and 1/2.
     */
    public static double mcNemar(int lost, int won) {
        int all = lost + won;
        int fewer = Math.min(lost, won);
        double logOfHalf = all * Math.log(0.5);
        double logOfWays = 0;
        double sum = 0;
        for (int k = 0; k <= fewer; k++) {
            sum += Math.exp(logOfWays + logOfHalf);
            logOfWays += Math.log(all - k) - Math.log(k + 1.0);
        }
        return Math.min(1, 2 * sum);
    }

    /** (1 + as far) / (1 + {@value #PERMUTATIONS}): with the observed way itself counted, p is never 0 (Phipson and Smyth 2010). */
    private static double permutation(Outcomes before, Outcomes now) {
        SplittableRandom random = new SplittableRandom(SEED);
        double observed = Math.abs(before.score() - now.score());
        boolean[] swapped = new boolean[now.size()];
        int asFar = 0;
        for (int n = 0; n < PERMUTATIONS; n++) {
            for (int i = 0; i < swapped.length; i++) {
                swapped[i] = random.nextBoolean();
            }
            double difference = before.scoreWith(now, swapped) - now.scoreWith(before, swapped);
            asFar += Math.abs(difference) >= observed - ROUNDING ? 1 : 0;
        }
        return (1.0 + asFar) / (1.0 + PERMUTATIONS);
    }

    /**
     * Holm's correction (1979) for several tests at once: the i-th smallest p times (m - i + 1), none smaller than one before it, none
     * above 1.
     *
     * @return the corrected values at the places of the given ones
     */
    public static List<Double> holm(List<Double> values) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, values.size())
                .boxed()
                .sorted(Comparator.comparing(values::get))
                .toList());
        Double[] corrected = new Double[values.size()];
        double least = 0;
        for (int i = 0; i < order.size(); i++) {
            least = Math.max(least, Math.min(1, values.get(order.get(i)) * (values.size() - i)));
            corrected[order.get(i)] = least;
        }
        return List.of(corrected);
    }
}
