package io.tessellate.engine.backend;

/**
 * The keys and values of the tokens that sequences hold so far, in one layer: what decoding one token after the other
 * needs of the tokens before.
 *
 * @param shape sequences, the most tokens each can hold, and heads
 * @param rows keys and values side by side, [batch x length, 2 x keyValueHeads x width]; row {@code b x length + s} is
 *     token s of sequence b
 */
public record KeyValues(HeadShape shape, Matrix rows) {
    /** Checks that the memory fits the shape. */
    public KeyValues {
        if (rows.rows() != shape.tokens() || rows.columns() != 2 * shape.keyValueHeads() * shape.width()) {
            throw new IllegalArgumentException(
                    "keys and values of %s cannot lie in %d x %d".formatted(shape, rows.rows(), rows.columns()));
        }
    }
}
