package io.tessellate.evaluator.matrix;

import io.tessellate.engine.metric.ContinualMetrics;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One row of the matrix in one view, and the metrics over all rows up to it.
 *
 * @param scores score of each task of the version, in the order of their commits
 * @param averageAccuracy ACC, the mean of the scores
 * @param backwardTransfer BWT, the mean over earlier tasks of score now minus score when committed; null without any
 * @param forgetting F after Chaudhry, the mean over earlier tasks of best earlier score minus score now; null without any
 * @param drops per task best earlier score minus score now; 0 for the newest
 */
public record ViewRow(
        List<Double> scores,
        double averageAccuracy,
        @Nullable Double backwardTransfer,
        @Nullable Double forgetting,
        List<Double> drops) {

    /** Copies the lists. */
    public ViewRow {
        scores = List.copyOf(scores);
        drops = List.copyOf(drops);
        if (scores.size() != drops.size()) {
            throw new IllegalArgumentException(
                    "%d scores and %d drops must be as many".formatted(scores.size(), drops.size()));
        }
    }

    /** The last of the rows measured so far, row n with n scores. */
    static ViewRow after(List<List<Double>> rows) {
        var metrics = ContinualMetrics.of(rows);
        return new ViewRow(
                rows.get(rows.size() - 1),
                metrics.averageAccuracy(),
                boxed(metrics.backwardTransfer()),
                boxed(metrics.forgetting()),
                metrics.drops());
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? Double.valueOf(value.getAsDouble()) : null;
    }
}
