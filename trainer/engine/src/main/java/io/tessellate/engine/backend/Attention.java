package io.tessellate.engine.backend;

/**
 * The matrices of multi-head attention over padded sequences, or the gradients of them. Made by {@link
 * AttentionKernels#attention}.
 */
public interface Attention {
    /** Sequences and heads. */
    HeadShape shape();

    /** Query, key and value side by side, [tokens, (heads + 2 x keyValueHeads) x width]. */
    Matrix projections();

    /** The probabilities, [scoreRows, length]. What padding and keys out of reach hold is not specified. */
    Matrix scores();

    /** The heads' results side by side, [tokens, heads x width]. */
    Matrix context();
}
