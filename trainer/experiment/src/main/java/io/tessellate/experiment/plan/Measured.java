package io.tessellate.experiment.plan;

/** What a plan may ask for beside the scores. */
public enum Measured {
    /** How far each task moves the weights, and what that should cost the tasks before it. */
    MOVEMENT,
    /** How well the masks mix: their spectral gap. */
    SPECTRUM
}
