package io.tessellate.engine.model.weights;

/** What weights that tasks may own do in their layer. */
public enum Role {
    /** Makes the attention's queries. */
    QUERY,
    /** Makes its keys. */
    KEY,
    /** Makes its values. */
    VALUE,
    /** Mixes the attention's heads. */
    OUTPUT,
    /** Part of the feed-forward block: up, gate or down. */
    FEED_FORWARD
}
