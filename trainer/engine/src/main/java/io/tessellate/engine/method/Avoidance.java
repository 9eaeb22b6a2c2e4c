package io.tessellate.engine.method;

/** What tells the weights that matter to earlier tasks. */
public enum Avoidance {
    /** Nothing: none is left out. */
    NONE,
    /** The Fisher information of earlier tasks in the union model. */
    FISHER,
    /** Where the new task's descent would raise the loss of earlier tasks. */
    CONFLICT
}
