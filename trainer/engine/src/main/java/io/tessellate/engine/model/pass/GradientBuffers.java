package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Matrix;

/**
 * Where a backward pass keeps the gradients on their way down; shared by all layers.
 *
 * @param hidden [tokens, hidden]
 * @param projections [tokens, (heads + 2 key and value heads) x width]
 * @param attention gradients of what an attention block computes on padded sequences
 * @param context [tokens, heads x width]
 * @param activated [tokens, intermediate]
 * @param inner before the activation; the same matrix unless one half gates the other
 */
record GradientBuffers(
        Matrix hidden, Matrix projections, Attention attention, Matrix context, Matrix activated, Matrix inner) {}
