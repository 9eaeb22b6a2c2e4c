package io.tessellate.engine.train;

/** What acts on the trained values of a phase beside the loss. The head is never pulled. */
interface Pull {
    /** Nothing. */
    static Pull none() {
        return new Pull() {};
    }

    /** Adds its own gradient at these values to the loss's. */
    default void addGradient(float[] values, float[] gradient) {}

    /**
     * Moves the values after the optimiser did.
     *
     * @param step of the phase, counted from 0
     */
    default void afterStep(float[] values, long step) {}
}
