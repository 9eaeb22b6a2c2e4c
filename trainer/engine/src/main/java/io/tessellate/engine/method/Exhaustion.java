package io.tessellate.engine.method;

/** What to do when fewer weights are free than the density asks for. */
public enum Exhaustion {
    /** Refuse the task. */
    REJECT,
    /** Take all that is free. */
    SHRINK,
    /** Overwrite the weights of earlier tasks that these changed least. Gives up the promise that what is owned does not move. */
    OVERLAP
}
