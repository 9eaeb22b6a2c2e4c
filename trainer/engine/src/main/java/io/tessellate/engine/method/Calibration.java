package io.tessellate.engine.method;

import io.tessellate.mask.Mask;
import io.tessellate.mask.Scores;

/** A trial training that says how much each weight matters to the task. */
@FunctionalInterface
public interface Calibration {
    /**
     * Trains the candidates from the parent's values for the recipe's calibration epochs and gives the size of each one's
     * change; for 0 epochs the size of its gradient on the first batch, because after a single step of a sign-like
     * optimiser the change says nothing.
     */
    Scores scores(Mask candidates);
}
