package io.tessellate.pipeline.cli.option;

/** How a model's tasks share its weights, as it is said on the command line. */
public enum OwnershipChoice {
    /** No weight ever has two owners. */
    EXCLUSIVE,
    /** Tasks may overwrite each other. */
    SHARED
}
