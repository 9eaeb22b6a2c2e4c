package io.tessellate.engine.method;

/** What to do when fewer weights are free than the density asks for. */
public enum Exhaustion {
    /** Refuse the task. */
    REJECT,
    /** Take all that is free. */
    SHRINK,
    /** Take what is lacking from earlier tasks, of their weights those that they changed least. Gives up disjointness. */
    OVERLAP
}
