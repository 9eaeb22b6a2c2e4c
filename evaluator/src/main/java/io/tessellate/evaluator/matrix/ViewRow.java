package io.tessellate.evaluator.matrix;

import java.util.List;
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
}
