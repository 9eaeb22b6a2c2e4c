package io.tessellate.engine.backend;

/** Multi-head attention over padded sequences, and what turns queries and keys beforehand. */
public interface AttentionKernels {
    /** The matrices of an attention block together; their shapes must fit. */
    Attention attention(HeadShape shape, Matrix projections, Matrix scores, Matrix context);

    /**
     * Per head: scores = softmax(cap(scale Q K^T)), context = dropout(scores) V. A query sees the keys in its reach; of sequence
     * b only the first {@code lengths[b]} tokens count; what padding gets as context is finite. Where only some tokens ask, what
     * the others get is not specified.
     */
    void attend(Attention attention, int[] lengths, ProbabilityDropout dropout);

    /**
     * Backward of {@link #attend} with the same dropout: from the gradient of the context, which must be 0 for padding and for
     * tokens that do not ask, to that of the projections, which is 0 for padding.
     */
    void attendBackward(Attention attention, int[] lengths, ProbabilityDropout dropout, Attention gradients);

    /** As {@link #attend(Attention, int[], ProbabilityDropout)}, with raw scores that know how far tokens are apart. */
    void attend(Attention.Disentangled attention, int[] lengths, ProbabilityDropout dropout);

    /**
     * Backward of it: from the gradient of the context, which must be 0 for padding and for tokens that do not ask, to those
     * of the projections of tokens and of places.
     */
    void attendBackward(
            Attention.Disentangled attention,
            int[] lengths,
            ProbabilityDropout dropout,
            Attention.Disentangled gradients);

    /** Keeps the keys and values of {@code projections[rows[i]]} as row {@code slots[i]}. */
    void keep(Matrix projections, int[] rows, KeyValues cache, int[] slots);

    /**
     * Attention of one new token per sequence, whose own key and value are kept already.
     *
     * @param projections queries, keys and values of the new tokens, [batch, (heads + 2 keyValueHeads) x width]
     * @param cache all tokens kept
     * @param lengths tokens of each sequence, the new one included
     * @param context [batch, heads x width]
     */
    void attendNext(Matrix projections, KeyValues cache, int[] lengths, Matrix context);

    /** Turns the heads of every row by its angles, or back by them. */
    void rotate(Matrix x, Rotation rotation, boolean back);
}
