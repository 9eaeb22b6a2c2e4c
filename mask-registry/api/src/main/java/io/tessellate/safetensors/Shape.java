package io.tessellate.safetensors;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.List;

/**
 * Dimensions of a tensor, outermost first; none for a scalar.
 *
 * @param dimensions each at least 0, their product below 2^63
 */
public record Shape(List<Long> dimensions) {
    public Shape {
        dimensions = List.copyOf(dimensions);
        requireCountable(dimensions);
    }

    /** The shape of these dimensions. */
    public static Shape of(long... dimensions) {
        return new Shape(Arrays.stream(dimensions).boxed().toList());
    }

    /** Number of dimensions. */
    public int rank() {
        return dimensions.size();
    }

    /** One dimension as an int; TOO_LARGE if it is none. */
    public int dimension(int axis) {
        long dimension = dimensions.get(axis);
        if (dimension > Integer.MAX_VALUE) {
            throw new TessellateException(
                    ErrorCode.TOO_LARGE,
                    "dimension %d of shape %s is more than the %d that are counted along one axis"
                            .formatted(axis, dimensions, Integer.MAX_VALUE));
        }
        return (int) dimension;
    }

    /** Number of elements. */
    public long elements() {
        return product(dimensions);
    }

    private static void requireCountable(List<Long> dimensions) {
        try {
            if (dimensions.stream().anyMatch(d -> d < 0)) {
                throw refused(dimensions);
            }
            product(dimensions);
        } catch (ArithmeticException e) {
            throw refused(dimensions);
        }
    }

    private static long product(List<Long> dimensions) {
        long product = 1;
        for (long dimension : dimensions) {
            product = Math.multiplyExact(product, dimension);
        }
        return product;
    }

    private static TessellateException refused(List<Long> dimensions) {
        return new TessellateException(
                ErrorCode.INVALID_ARGUMENT,
                "shape %s must have dimensions of at least 0 and fewer than 2^63 elements".formatted(dimensions));
    }

    @Override
    public String toString() {
        return dimensions.toString();
    }
}
