package io.tessellate.mask.grant;

import java.util.Optional;

/**
 * What the registry reserved for a task.
 *
 * @param budget largest number of eligible weights the task may own
 * @param lift the class of an expander mask, for methods that need one
 * @param sharedMask whether tensors of one shape get the same mask, for methods that find regular masks themselves
 * @param mayOverlap whether the class may hold weights that earlier tasks own, as with shared ownership once no class is free
 */
public record Grant(long budget, Optional<ExpanderClass> lift, boolean sharedMask, boolean mayOverlap) {
    /** A grant of a number of weights. */
    public static Grant of(long budget) {
        return of(budget, false);
    }

    /** The same, said whether tensors of one shape share their mask. */
    public static Grant of(long budget, boolean sharedMask) {
        return new Grant(budget, Optional.empty(), sharedMask, false);
    }

    /** A grant of one class of a lift. */
    public static Grant of(long budget, ExpanderClass lift) {
        return new Grant(budget, Optional.of(lift), lift.shared(), false);
    }

    /** The same of a model whose tasks may overwrite each other's weights. */
    public Grant overlapping() {
        return new Grant(budget, lift, sharedMask, true);
    }
}
