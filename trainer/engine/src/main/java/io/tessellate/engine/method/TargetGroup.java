package io.tessellate.engine.method;

import io.tessellate.engine.model.weights.Role;

/** The eligible weights that a task may choose from, by what they do, whatever a model's family calls them. */
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
    MLP;

    /** Whether weights of that role belong to it. */
    public boolean contains(Role role) {
        return switch (this) {
            case ALL -> true;
            case ATTENTION -> role != Role.FEED_FORWARD;
            case QKV -> role == Role.QUERY || role == Role.KEY || role == Role.VALUE;
            case QV -> role == Role.QUERY || role == Role.VALUE;
            case MLP -> role == Role.FEED_FORWARD;
        };
    }
}
