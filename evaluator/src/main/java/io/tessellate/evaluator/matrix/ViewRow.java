package io.tessellate.evaluator.matrix;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One row of the matrix in one view, and the metrics over all rows up to it. A score that could not be computed is null; the
 * metrics are over the others.
 *
 * @param scores score of each task of the version, in the order of their commits
 * @param averageAccuracy ACC, the mean of the scores; null if there is none
 * @param backwardTransfer BWT, the mean over earlier tasks of score now minus score when committed; null without any
 * @param forgetting F after Chaudhry, the mean over earlier tasks of best earlier score minus score now; null without any
 * @param drops per task best earlier score minus score now; 0 for the newest, null where one of them is missing
 * @param gaps why scores are missing
 */
public record ViewRow(
        List<@Nullable Double> scores,
        @Nullable Double averageAccuracy,
        @Nullable Double backwardTransfer,
        @Nullable Double forgetting,
        List<@Nullable Double> drops,
        List<Gap> gaps) {

    /** Copies the lists. */
    public ViewRow {
        scores = copy(scores);
        drops = copy(drops);
        gaps = List.copyOf(gaps);
        if (scores.size() != drops.size()) {
            throw new IllegalArgumentException(
                    "%d scores and %d drops must be as many".formatted(scores.size(), drops.size()));
        }
    }

    /** A row without gaps. */
    public ViewRow(
            List<@Nullable Double> scores,
            @Nullable Double averageAccuracy,
            @Nullable Double backwardTransfer,
            @Nullable Double forgetting,
            List<@Nullable Double> drops) {
        this(scores, averageAccuracy, backwardTransfer, forgetting, drops, List.of());
    }

    /** The last of the rows so far, row n with n scores. */
    public static ViewRow after(List<List<@Nullable Double>> rows, List<Gap> gaps) {
        var measures = new Measures(rows);
        return new ViewRow(
                rows.get(rows.size() - 1),
                boxed(measures.averageAccuracy()),
                boxed(measures.backwardTransfer()),
                boxed(measures.forgetting()),
                measures.drops(),
                gaps);
    }

    /** A copy of a list that may hold nulls. */
    static <T> List<@Nullable T> copy(List<? extends @Nullable T> list) {
        return Collections.unmodifiableList(new ArrayList<>(list));
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? Double.valueOf(value.getAsDouble()) : null;
    }
}
