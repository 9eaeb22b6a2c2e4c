package io.tessellate.method;

/** What rules about recipes, and who else has to treat methods differently, may ask of one. */
public enum Trait {
    /** Finds its mask by the task's examples, through gradients or training. */
    LOOKS_AT_DATA,
    /** Finds its mask by training on trial, whose effect is undone. */
    TRAINS_ON_TRIAL,
    /** Trains weights through thin factors. */
    LOW_RANK,
    /** Chooses among all weights, whoever owns them. */
    MAY_OVERLAP
}
