package io.tessellate.engine.method;

import io.tessellate.lineage.ExpanderClass;
import java.util.Optional;

/**
 * What the registry reserved for a task.
 *
 * @param budget largest number of eligible weights the task may own
 * @param lift the class of an expander mask, for methods that need one
 */
public record Grant(long budget, Optional<ExpanderClass> lift) {
    /** A grant of a number of weights. */
    public static Grant of(long budget) {
        return new Grant(budget, Optional.empty());
    }

    /** A grant of one class of a lift. */
    public static Grant of(long budget, ExpanderClass lift) {
        return new Grant(budget, Optional.of(lift));
    }
}
