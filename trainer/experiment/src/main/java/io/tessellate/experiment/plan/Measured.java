package io.tessellate.experiment.plan;

/** What a plan may ask for beside the scores. */
public enum Measured {
    /** How far each task moves the weights, and what that should cost the tasks before it. */
    MOVEMENT,
    /** How well the masks mix: their spectral gap. */
    SPECTRUM,
    /** What masks have in common across seeds and tasks, where each task is learnt alone. */
    OVERLAP;

    /** Whether it stands in a run's result, and is not found from what runs left. */
    boolean isKept() {
        return this != OVERLAP;
    }
}
