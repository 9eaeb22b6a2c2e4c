package io.tessellate.lineage;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/**
 * One class of a quasi-cyclic lift: the whole description of an expander mask.
 *
 * @param lift number of classes (q); the mask's density is 1/q
 * @param index the class, 0 to q-1
 * @param seed seed of the shifts
 */
public record ExpanderClass(int lift, int index, long seed) {
    public ExpanderClass {
        if (lift < 1 || index < 0 || index >= lift) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "class %d of a lift must lie in 0 to q-1 with q = %d".formatted(index, lift));
        }
    }
}
