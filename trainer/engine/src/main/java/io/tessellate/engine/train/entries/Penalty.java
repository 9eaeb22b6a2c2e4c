package io.tessellate.engine.train.entries;

/** What acts on the trained values of a phase beside the loss. It never acts on the head. */
public interface Penalty {
    /** Nothing. */
    static Penalty none() {
        return new Penalty() {};
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
