package io.tessellate.engine.race;

import java.util.SortedMap;

/** Short trainings of candidates, each from the same beginning, on the same batches, measured on the same examples. */
public interface Trials {
    /**
     * Trains for a share of the whole training's course and measures. The same candidate and share always come to the same.
     *
     * @param values of the raced fields
     */
    Measurement run(SortedMap<String, Double> values, double share);

    /** What that will cost, in steps of the training. */
    double cost(SortedMap<String, Double> values, double share);

    /** What it costs to begin, whatever is tried, in steps of the training. */
    double overhead();

    /** Train examples that are held out to be measured on. */
    int heldOut();

    /** Examples by which it is measured what earlier tasks lose. */
    int earlierHeldOut();
}
