package io.tessellate.mask;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/**
 * A weight matrix whose entries tasks may own.
 *
 * @param name its name in the model's weight file
 * @param rows output features
 * @param columns input features
 */
public record EligibleTensor(String name, int rows, int columns) {
    private static final long MAX_SIZE = Integer.MAX_VALUE - 63L;

    public EligibleTensor {
        if (name.isEmpty() || rows < 1 || columns < 1 || (long) rows * columns > MAX_SIZE) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "eligible tensor '%s' must have a name, at least one row and column and at most %d entries: %d x %d"
                            .formatted(name, MAX_SIZE, rows, columns));
        }
    }

    /** Number of entries. */
    public int size() {
        return rows * columns;
    }
}
