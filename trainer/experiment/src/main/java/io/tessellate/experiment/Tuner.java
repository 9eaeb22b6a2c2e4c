package io.tessellate.experiment;

import io.tessellate.experiment.plan.TuningMean;
import io.tessellate.experiment.result.Tuned;
import io.tessellate.recipe.RaceGrid;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.DoubleFunction;

/**
 * Finds the best of a bracket of values, which is extended as long as its edge wins: by the step that the bracket has there, at most a few
 * times. Of several equally good values the first listed wins.
 */
final class Tuner {
    private static final int MOST_EXTENSIONS = 4;

    private final String what;
    private final TuningMean mean;
    private final DoubleFunction<List<Double>> trial;
    private final Runnable extending;
    private final TreeMap<Double, List<Double>> scores = new TreeMap<>();

    /**
     * A tuner of one number.
     *
     * @param mean by which values are compared
     * @param trial scores of a value, task by task and seed by seed
     * @param extending is told before a value beyond the bracket is tried
     */
    Tuner(String what, TuningMean mean, DoubleFunction<List<Double>> trial, Runnable extending) {
        this.what = what;
        this.mean = mean;
        this.trial = trial;
        this.extending = extending;
    }

    /** The mean score of the best so far. */
    double bestMean() {
        return scores.keySet().stream().mapToDouble(this::mean).max().orElseThrow();
    }

    /** Tries these values and none beyond them. */
    Tuned among(List<Double> values) {
        double best = values.get(0);
        for (double value : values) {
            best = better(value, best);
        }
        return new Tuned(what, mean, scores, best, 0);
    }

    /** Tries several values, and what lies beyond them. */
    Tuned best(List<Double> values) {
        double best = among(values).winner();
        int extended = 0;
        OptionalDouble next = beyond(best);
        while (next.isPresent() && extended < MOST_EXTENSIONS) {
            extending.run();
            best = better(next.getAsDouble(), best);
            extended++;
            next = beyond(best);
        }
        return new Tuned(what, mean, scores, best, extended);
    }

    private double better(double value, double best) {
        scores.computeIfAbsent(value, trial::apply);
        return mean(value) > mean(best) ? value : best;
    }

    private double mean(double value) {
        return mean.of(scores.get(value));
    }

    private OptionalDouble beyond(double best) {
        if (best == scores.firstKey()) {
            return OptionalDouble.of(RaceGrid.rounded(best * best / scores.higherKey(best)));
        }
        return best == scores.lastKey()
                ? OptionalDouble.of(RaceGrid.rounded(best * best / scores.lowerKey(best)))
                : OptionalDouble.empty();
    }
}
