package io.tessellate.topic;

/** How the schemas of a subject may change; the names are the registry's. */
public enum Compatibility {
    /** Readers with the new schema read old data. */
    BACKWARD,
    /** Old and new schemas read each other's data. */
    FULL
}
