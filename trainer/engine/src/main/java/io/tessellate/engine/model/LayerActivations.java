package io.tessellate.engine.model;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.NormState;
import org.jspecify.annotations.Nullable;

/**
 * What one layer reads and writes in a forward pass. In training every layer has its own and the backward pass reads
 * them; in evaluation all layers share one and keep no state.
 *
 * @param input [tokens, hidden]
 * @param projections query, key and value of each token, [tokens, 3 hidden]
 * @param attention the same of padded sequences, with their probabilities and contexts
 * @param context the contexts of each token, [tokens, hidden]
 * @param attended after the attention's normalisation, [tokens, hidden]
 * @param attendedState for its backward pass
 * @param inner before the activation, [tokens, intermediate]
 * @param activated after it; the same as {@code inner} in evaluation
 * @param output [tokens, hidden]; the same as {@code input} in evaluation
 * @param outputState for its backward pass
 */
record LayerActivations(
        Matrix input,
        Matrix projections,
        Attention attention,
        Matrix context,
        Matrix attended,
        @Nullable NormState attendedState,
        Matrix inner,
        Matrix activated,
        Matrix output,
        @Nullable NormState outputState) {}
