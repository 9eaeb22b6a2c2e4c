package io.tessellate.mask.adapter;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.safetensors.Shape;

/** Rules that all tensors of an adapter keep. */
final class TensorLimits {
    private static final int MAX_RANK = 8;
    private static final long MAX_ELEMENTS = Integer.MAX_VALUE - 63L;

    private TensorLimits() {}

    static void requireShape(String what, Shape shape) {
        boolean sane = shape.rank() >= 1 && shape.rank() <= MAX_RANK;
        if (!sane || shape.elements() < 1 || shape.elements() > MAX_ELEMENTS) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s must have 1 to %d dimensions and 1 to %d elements: %s"
                            .formatted(what, MAX_RANK, MAX_ELEMENTS, shape));
        }
    }

    static void requireCount(String what, long count, int values) {
        if (count != values) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "%s must have %d values: %d".formatted(what, count, values));
        }
    }

    static void requireFinite(String what, float[] values) {
        for (int n = 0; n < values.length; n++) {
            if (!Float.isFinite(values[n])) {
                throw notFinite(what, n, values[n]);
            }
        }
    }

    static TessellateException notFinite(String what, int place, float value) {
        return new TessellateException(
                ErrorCode.DIVERGED, "%s must have finite values: value %d is %s".formatted(what, place, value));
    }
}
