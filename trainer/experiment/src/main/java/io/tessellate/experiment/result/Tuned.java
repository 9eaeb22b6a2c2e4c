package io.tessellate.experiment.result;

import io.tessellate.experiment.plan.TuningMean;
import io.tessellate.text.NumberText;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What tuning a number of an arm came to.
 *
 * @param what the number: a learning rate or a scale
 * @param means how scores are made one
 * @param scores by value what each tuning task of each tuning seed came to, in the same order for all
 * @param winner the value of the best mean
 * @param extended how many values were tried beyond the plan's
 */
public record Tuned(
        String what, TuningMean means, SortedMap<Double, List<Double>> scores, double winner, int extended) {
    private static final double COVERAGE = 0.95;

    /** Copies the map. */
    public Tuned {
        SortedMap<Double, List<Double>> copy = new TreeMap<>();
        scores.forEach((value, list) -> copy.put(value, List.copyOf(list)));
        scores = Collections.unmodifiableSortedMap(copy);
        if (!scores.containsKey(winner)) {
            throw new IllegalArgumentException("%s %s is none of those tried".formatted(what, winner));
        }
    }

    /** Whether nothing beyond the winner was tried, so that a better one may lie there. */
    public boolean isAtEdge() {
        return winner == scores.firstKey() || winner == scores.lastKey();
    }

    /** Mean score of a value. */
    public double mean(double value) {
        return means.of(scores.get(value));
    }

    /** Values in their order, each with its mean, and how far it is from the winner, with an interval where there is one. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Double, List<Double>> tried : scores.entrySet()) {
            text.append(text.isEmpty() ? "" : "; ").append(text(tried.getKey()));
        }
        return text.toString();
    }

    private String text(double value) {
        if (value == winner) {
            return "**%s** %s".formatted(value, NumberText.fixed(mean(value), 3));
        }
        return "%s %s (%s)".formatted(value, NumberText.fixed(mean(value), 3), apart(of(value), of(winner)));
    }

    private String apart(double[] one, double[] other) {
        if (one.length < 2) {
            return means.apart(one[0] - other[0]);
        }
        PairedInterval apart = PairedInterval.of(one, other);
        return means.apart(apart.mean(), apart.half(COVERAGE));
    }

    /** Other values whose score may be as good as the winner's: their difference's interval holds 0. */
    public List<Double> undecided() {
        return scores.keySet().stream()
                .filter(value -> value != winner)
                .filter(this::mayBeAsGood)
                .toList();
    }

    private boolean mayBeAsGood(double value) {
        if (of(value).length < 2) {
            return true;
        }
        PairedInterval apart = PairedInterval.of(of(value), of(winner));
        return Math.abs(apart.mean()) <= apart.half(COVERAGE);
    }

    private double[] of(double value) {
        return scores.get(value).stream().mapToDouble(means::measured).toArray();
    }
}
