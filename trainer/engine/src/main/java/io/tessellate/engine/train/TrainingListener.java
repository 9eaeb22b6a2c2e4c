package io.tessellate.engine.train;

/** Hears about every step. */
@FunctionalInterface
public interface TrainingListener {
    /** Called after each step, on the training thread. */
    void progressed(TrainingProgress progress);

    /** Ignores everything. */
    static TrainingListener none() {
        return progress -> {};
    }
}
