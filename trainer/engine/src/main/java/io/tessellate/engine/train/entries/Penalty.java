package io.tessellate.engine.train.entries;

import io.tessellate.engine.values.FloatBlocks;

/** What acts on the trained values of a phase beside the loss. It never acts on the head. */
public interface Penalty {
    /** Nothing. */
    static Penalty none() {
        return new Penalty() {};
    }

    /** Adds its own gradient at these values to the loss's. */
    default void addGradient(FloatBlocks values, FloatBlocks gradient) {}

    /**
     * Moves the values after the optimiser did.
     *
     * @param step of the phase, counted from 0
     */
    default void afterStep(FloatBlocks values, long step) {}
}
