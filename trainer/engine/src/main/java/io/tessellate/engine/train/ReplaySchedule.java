package io.tessellate.engine.train;

/** How the share of replay goes over the steps of a phase; its mean is that of the recipe. */
public enum ReplaySchedule {
    /** Stays as it is. */
    CONSTANT,
    /** Rises from nothing to twice the share. */
    RISING,
    /** Falls from twice the share to nothing. */
    FALLING
}
