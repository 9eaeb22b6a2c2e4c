package io.tessellate.evaluator.matrix;

import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.evaluator.matrix.Evaluation.Measured;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
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
 * @param examples how many examples each score is of; empty in rows of earlier versions
 * @param intervals uncertainty of each score; empty in rows of earlier versions
 * @param proven whether each was not scored at this version, since its weights are those that were scored when its task was committed;
 *     empty in rows of earlier versions, where all were scored
 */
public record ViewRow(
        List<@Nullable Double> scores,
        @Nullable Double averageAccuracy,
        @Nullable Double backwardTransfer,
        @Nullable Double forgetting,
        List<@Nullable Double> drops,
        List<Gap> gaps,
        List<Long> examples,
        List<@Nullable ScoreInterval> intervals,
        List<Boolean> proven) {

    /** Copies the lists. */
    public ViewRow {
        scores = copy(scores);
        drops = copy(drops);
        gaps = List.copyOf(gaps);
        examples = List.copyOf(examples);
        intervals = copy(intervals);
        proven = List.copyOf(proven);
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
        this(scores, averageAccuracy, backwardTransfer, forgetting, drops, List.of(), List.of(), List.of(), List.of());
    }

    /** The row of a version's tasks: what each scored, and from what. */
    public static ViewRow of(
            List<TaskScores> tasks, List<@Nullable Measured> measured, List<Boolean> proven, List<Gap> gaps) {
        var measures = new Measures(tasks);
        return new ViewRow(
                tasks.stream().map(TaskScores::now).collect(Collectors.toCollection(ArrayList::new)),
                boxed(measures.averageAccuracy()),
                boxed(measures.backwardTransfer()),
                boxed(measures.forgetting()),
                tasks.stream().map(TaskScores::drop).collect(Collectors.toCollection(ArrayList::new)),
                gaps,
                measured.stream()
                        .map(score -> score == null ? Long.valueOf(0) : Long.valueOf(score.examples()))
                        .toList(),
                measured.stream()
                        .map(score -> score == null ? null : score.interval())
                        .collect(Collectors.toCollection(ArrayList::new)),
                proven);
    }

    /** The uncertainty of a score, if it is known. */
    public @Nullable ScoreInterval interval(int column) {
        return column < intervals.size() ? intervals.get(column) : null;
    }

    /** A copy of a list that may hold nulls. */
    static <T> List<@Nullable T> copy(List<? extends @Nullable T> list) {
        return Collections.unmodifiableList(new ArrayList<>(list));
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? Double.valueOf(value.getAsDouble()) : null;
    }
}
