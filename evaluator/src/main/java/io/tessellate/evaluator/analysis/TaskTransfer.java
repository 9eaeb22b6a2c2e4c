package io.tessellate.evaluator.analysis;

import io.tessellate.engine.metric.ContinualMetrics;
import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.id.TaskName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task before it was learnt and when it was.
 *
 * @param task the task
 * @param committedAs the step at which it was learnt: the version that brought it
 * @param trainedOn versions whose adapters it was trained on
 * @param metric of the task
 * @param examples of its eval split
 * @param untrained score of the base; null where it is not defined
 * @param before score with the adapters it was trained on, held against {@code untrained}; null where it is not defined or equal by
 *     definition
 * @param learnt score when it was learnt; null where nobody asks for it
 * @param bound what it would reach at best; null if that is not known
 * @param undefined why it has no score before it was learnt; empty where it has one
 */
public record TaskTransfer(
        TaskName task,
        int committedAs,
        List<Integer> trainedOn,
        String metric,
        long examples,
        @Nullable Point untrained,
        @Nullable ScoreChange before,
        @Nullable Point learnt,
        @Nullable Double bound,
        String undefined) {
    public TaskTransfer {
        trainedOn = List.copyOf(trainedOn);
    }

    /** A score with its interval. */
    public record Point(double score, ScoreInterval interval) {
        static Point of(Scored scored) {
            return new Point(scored.value(), scored.interval());
        }
    }

    /** I of Chaudhry and others (2018): the bound minus the score when learnt; null without one of them. */
    public @Nullable Double intransigence() {
        return bound == null || learnt == null
                ? null
                : Double.valueOf(ContinualMetrics.intransigence(bound, learnt.score()));
    }
}
