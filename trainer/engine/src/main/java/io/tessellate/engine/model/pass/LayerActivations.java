package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.NormState;
import org.jspecify.annotations.Nullable;

/**
 * What one layer reads and writes in a forward pass. In training every layer has its own and the backward pass reads
 * them; in evaluation all layers share one and keep no state.
 *
 * @param input of the projections: the layer's own, normalised if normalisations come before, [tokens, hidden]
 * @param projections query, key and value of each token, [tokens, (heads + 2 key and value heads) x width]
 * @param attention the same of padded sequences, with their probabilities and contexts
 * @param context the contexts of each token, [tokens, heads x width]
 * @param attended what the feed-forward block reads, [tokens, hidden]
 * @param inner before the activation, [tokens, intermediate], twice as wide if gated
 * @param activated after it, [tokens, intermediate]; may be {@code inner} in evaluation
 * @param output where normalisations come after, what leaves the layer, [tokens, hidden]; the same as {@code input} in
 *     evaluation, and where normalisations come before
 * @param states for the backward passes of the normalisations
 * @param placed the same attention with relative places, where it is disentangled
 */
record LayerActivations(
        Matrix input,
        Matrix projections,
        Attention attention,
        Matrix context,
        Matrix attended,
        Matrix inner,
        Matrix activated,
        Matrix output,
        States states,
        Attention.@Nullable Disentangled placed) {

    /** The same memory for another layer, which has its own input and output. */
    LayerActivations of(Attention another, Matrix itsInput, Matrix itsOutput) {
        return new LayerActivations(
                itsInput,
                projections,
                another,
                context,
                attended,
                inner,
                activated,
                itsOutput,
                states,
                placed == null ? null : new Attention.Disentangled(another, placed.places(), placed.rows()));
    }

    /**
     * What the normalisations of a layer keep; nothing in evaluation, or where a family does not have them.
     *
     * @param query [tokens x heads, width]
     * @param key [tokens x key and value heads, width]
     * @param attention [tokens, hidden]
     * @param attentionResult likewise
     * @param feedForward likewise
     * @param feedForwardResult likewise
     */
    record States(
            @Nullable NormState query,
            @Nullable NormState key,
            @Nullable NormState attention,
            @Nullable NormState attentionResult,
            @Nullable NormState feedForward,
            @Nullable NormState feedForwardResult) {
        static final States NONE = new States(null, null, null, null, null, null);
    }
}
