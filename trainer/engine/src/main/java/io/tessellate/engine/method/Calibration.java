package io.tessellate.engine.method;

import io.tessellate.mask.Mask;
import java.util.SplittableRandom;

/**
 * What a method can find out about the weights before it chooses among them. None of it changes them for good. What was
 * found out once is not found out again when a run is resumed.
 */
public interface Calibration {
    /**
     * Trains the candidates for the recipe's calibration epochs and chooses those that changed most; for 0 epochs those of
     * largest gradient on the first batch, because after a single step of a sign-like optimiser the change says nothing. In
     * the middle of a training, which has no room for a trial, those of largest gradient too.
     */
    Mask largestChange(Selection selection);

    /**
     * Chooses the candidates of highest score at the values they have, training nothing: gradients are means over the
     * recipe's calibration epochs, for 0 epochs over the first batch.
     */
    Mask mostSalient(Salience salience, Selection selection);

    /** Random numbers that follow from the recipe's seed alone, others for each mask of a training. */
    SplittableRandom random();
}
