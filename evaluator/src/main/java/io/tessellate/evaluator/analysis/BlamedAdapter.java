package io.tessellate.evaluator.analysis;

import io.tessellate.id.TaskName;

/**
 * An adapter by which the union view of a task differs from its own view.
 *
 * @param task the adapter's task
 * @param version that brought it
 * @param kind whether the union has it and the task's own view has not, or the other way round
 * @param owned weights that it owns
 * @param undone the union view without the difference: {@code difference} is what is regained
 * @param alone the task's own view with this difference only: {@code difference} is what it costs, negative if anything
 */
public record BlamedAdapter(TaskName task, int version, Kind kind, long owned, ScoreChange undone, ScoreChange alone) {
    /** Largest corrected p at which an effect is called supported. */
    static final double SIGNIFICANCE = 0.05;

    /** How the two views differ by an adapter. */
    public enum Kind {
        /** It came later: the union view has it. */
        ADDED,
        /** The task was trained on it and it was taken out since: the union view lacks it. */
        REMOVED
    }

    /**
     * How much of a drop it accounts for: the mean of what is regained when it alone is undone and of what it costs by itself. With two
     * adapters that is the Shapley value.
     */
    public double effect() {
        return (undone.difference() - alone.difference()) / 2;
    }

    /** Whether one of the two tests finds a difference. */
    public boolean supported() {
        return undone.corrected() <= SIGNIFICANCE || alone.corrected() <= SIGNIFICANCE;
    }
}
