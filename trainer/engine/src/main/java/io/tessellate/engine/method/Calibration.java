package io.tessellate.engine.method;

import io.tessellate.mask.Mask;
import io.tessellate.mask.Scores;
import java.util.SplittableRandom;

/** What a method can find out about the weights before it chooses among them. None of it changes them for good. */
public interface Calibration {
    /**
     * Trains the candidates from the parent's values for the recipe's calibration epochs and gives the size of each one's
     * change; for 0 epochs the size of its gradient on the first batch, because after a single step of a sign-like
     * optimiser the change says nothing.
     */
    Scores scores(Mask candidates);

    /**
     * Scores the candidates at the parent's values, training nothing: gradients are means over the recipe's calibration
     * epochs, for 0 epochs over the first batch.
     */
    Scores salience(Salience salience, Mask candidates);

    /** Random numbers that follow from the recipe's seed alone. */
    SplittableRandom random();
}
