package io.tessellate.experiment.result;

import io.tessellate.engine.metric.ContinualMetrics;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.experiment.plan.Arm;
import io.tessellate.recipe.RecipeField;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an arm came to over all seeds, of one stream or of several.
 *
 * @param recipe with the tuned rate
 * @param scale the tuned scale of a merge; 1 where nothing is merged
 * @param keep the tuned share that a merged task keeps; null: the merge's own
 * @param tuned what tuning tried; empty where there was nothing to tune
 * @param outcomes one per seed and stream
 */
public record ArmResult(
        Arm arm, Recipe recipe, double scale, @Nullable Double keep, List<Tuned> tuned, List<RunOutcome> outcomes) {
    public String name() {
        return arm.name();
    }

    /** The tuned rate as tables say it; where each task raced for its own, the least and the largest that won. */
    public String rate() {
        if (recipe.raced().isEmpty()) {
            return String.valueOf(recipe.learningRate());
        }
        DoubleSummaryStatistics won = outcomes.stream()
                .flatMap(outcome -> outcome.rates().stream())
                .mapToDouble(Double::doubleValue)
                .summaryStatistics();
        return won.getCount() == 0 ? RecipeField.AUTO : "auto, %s to %s".formatted(won.getMin(), won.getMax());
    }

    /** How well each task was learnt, right after its own training. */
    public Spread learnt() {
        return Spread.of(learntValues());
    }

    /** The same, seed by seed. */
    public double[] learntValues() {
        return outcomes.stream().mapToDouble(RunOutcome::learnt).toArray();
    }

    /** The results of both, of an arm of the same name. */
    public ArmResult and(ArmResult other) {
        return new ArmResult(
                arm,
                recipe,
                scale,
                keep,
                tuned,
                Stream.concat(outcomes.stream(), other.outcomes.stream()).toList());
    }

    public Spread union(ToDoubleFunction<ContinualMetrics> metric) {
        return spread(RunOutcome::unionMetrics, metric);
    }

    public Spread task(ToDoubleFunction<ContinualMetrics> metric) {
        return spread(RunOutcome::taskMetrics, metric);
    }

    private Spread spread(Function<RunOutcome, ContinualMetrics> view, ToDoubleFunction<ContinualMetrics> metric) {
        return Spread.of(outcomes.stream()
                .mapToDouble(outcome -> metric.applyAsDouble(view.apply(outcome)))
                .toArray());
    }

    /** A union-view metric, seed by seed. */
    public double[] unionValues(ToDoubleFunction<ContinualMetrics> metric) {
        return outcomes.stream()
                .mapToDouble(outcome -> metric.applyAsDouble(outcome.unionMetrics()))
                .toArray();
    }

    /** What the newest task comes to in the union view, seed by seed. */
    public double[] newestValues() {
        return outcomes.stream().mapToDouble(RunOutcome::newest).toArray();
    }

    /** How far the newest task moved the weights, mean over runs; empty where that was not measured. */
    public Optional<Moved> moved() {
        List<Moved> newest = outcomes.stream()
                .filter(outcome -> !outcome.moved().isEmpty())
                .map(outcome -> outcome.moved().get(outcome.moved().size() - 1))
                .toList();
        return newest.isEmpty()
                ? Optional.empty()
                : Optional.of(new Moved(
                        mean(newest, Moved::norm), mean(newest, Moved::predicted), mean(newest, Moved::risen)));
    }

    private static double mean(List<Moved> moved, ToDoubleFunction<Moved> part) {
        return moved.stream().mapToDouble(part).average().orElseThrow();
    }

    /** Mean spectral gap of the masks, run by run; empty where that was not measured. */
    public double[] gaps() {
        return outcomes.stream()
                .filter(outcome -> !outcome.gaps().isEmpty())
                .mapToDouble(outcome -> outcome.gaps().stream()
                        .mapToDouble(gap -> gap)
                        .average()
                        .orElseThrow())
                .toArray();
    }

    public boolean taskViewIsConstant() {
        return outcomes.stream().allMatch(RunOutcome::constant);
    }

    /** Mean over seeds of every score of a matrix. */
    public List<List<Double>> mean(Function<RunOutcome, List<List<Double>>> matrix) {
        int rows = outcomes.get(0).union().size();
        return IntStream.range(0, rows)
                .mapToObj(k -> IntStream.rangeClosed(0, k)
                        .mapToObj(j -> outcomes.stream()
                                .mapToDouble(
                                        outcome -> matrix.apply(outcome).get(k).get(j))
                                .average()
                                .orElseThrow())
                        .toList())
                .toList();
    }

    /**
     * Mean and sample standard deviation.
     *
     * @param deviation not a number for a single value
     */
    public record Spread(double mean, double deviation) {
        public static Spread of(double[] values) {
            double mean = IntStream.range(0, values.length)
                    .mapToDouble(i -> values[i])
                    .average()
                    .orElseThrow();
            double squares = 0;
            for (double value : values) {
                squares += (value - mean) * (value - mean);
            }
            return new Spread(mean, values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1)));
        }
    }
}
