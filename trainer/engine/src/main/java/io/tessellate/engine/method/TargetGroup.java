package io.tessellate.engine.method;

import io.tessellate.engine.model.Role;
import java.util.EnumSet;
import java.util.Set;

/** The eligible weights that a task may choose from, by what they do, whatever a model's family calls them. */
public enum TargetGroup {
    /** All of them. */
    ALL(EnumSet.allOf(Role.class)),
    /** Those of attention: query, key, value and output. */
    ATTENTION(EnumSet.of(Role.QUERY, Role.KEY, Role.VALUE, Role.OUTPUT)),
    /** Query, key and value. */
    QKV(EnumSet.of(Role.QUERY, Role.KEY, Role.VALUE)),
    /** Query and value. */
    QV(EnumSet.of(Role.QUERY, Role.VALUE)),
    /** Those of the feed-forward block. */
    MLP(EnumSet.of(Role.FEED_FORWARD));

    private final Set<Role> roles;

    TargetGroup(Set<Role> roles) {
        this.roles = Set.copyOf(roles);
    }

    /** Whether weights of that role belong to it. */
    public boolean contains(Role role) {
        return roles.contains(role);
    }
}
