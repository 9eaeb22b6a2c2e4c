package io.tessellate.mask.grant;

/** How a model's tasks share its weights. */
public enum Ownership {
    /** No weight ever has two owners. */
    EXCLUSIVE,
    /** Tasks may overwrite each other's weights, as the baselines do; nothing is certified. */
    SHARED
}
