package io.tessellate.engine.model;

import java.util.EnumSet;
import java.util.Set;

/** Weights of a model by what they do, whatever its family calls them. */
public enum WeightGroup {
    /** Every attention and feed-forward matrix. */
    ALL(EnumSet.allOf(Role.class)),
    /** Queries, keys, values and the attention's output. */
    ATTENTION(EnumSet.of(Role.QUERY, Role.KEY, Role.VALUE, Role.OUTPUT)),
    /** Queries, keys and values. */
    QKV(EnumSet.of(Role.QUERY, Role.KEY, Role.VALUE)),
    /** Queries and values. */
    QV(EnumSet.of(Role.QUERY, Role.VALUE)),
    /** The feed-forward blocks. */
    MLP(EnumSet.of(Role.FEED_FORWARD));

    private final Set<Role> roles;

    WeightGroup(Set<Role> roles) {
        this.roles = Set.copyOf(roles);
    }

    /** Whether weights of that role belong to it. */
    public boolean contains(Role role) {
        return roles.contains(role);
    }
}
