package io.tessellate.mask.grant;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/**
 * One class of a quasi-cyclic lift: the whole description of an expander mask.
 *
 * @param lift number of classes (q); the mask's density is 1/q
 * @param index the class, 0 to q-1
 * @param seed seed of the shifts
 * @param shared whether all tensors of one shape have the same mask
 */
public record ExpanderClass(int lift, int index, long seed, boolean shared) {
    public ExpanderClass {
        if (lift < 1 || index < 0 || index >= lift) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "class %d of a lift must lie in 0 to q-1 with q = %d".formatted(index, lift));
        }
    }

    /** A class in which every tensor has a mask of its own. */
    public ExpanderClass(int lift, int index, long seed) {
        this(lift, index, seed, false);
    }

    /** Whether another class is of the same partition, so that the two share no weight unless they are one. */
    public boolean isBeside(ExpanderClass other) {
        return lift == other.lift && seed == other.seed && shared == other.shared;
    }
}
