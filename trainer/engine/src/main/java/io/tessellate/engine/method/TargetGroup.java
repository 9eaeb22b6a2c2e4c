package io.tessellate.engine.method;

/** The eligible matrices that a task may choose from. */
public enum TargetGroup {
    /** All of them. */
    ALL,
    /** Those of attention: query, key, value and output. */
    ATTENTION,
    /** Query, key and value. */
    QKV,
    /** Query and value. */
    QV,
    /** Those of the feed-forward block. */
    MLP
}
