package io.tessellate.engine.model;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Matrix;

/**
 * Where a backward pass keeps the gradients on their way down; shared by all layers.
 *
 * @param hidden [tokens, hidden]
 * @param projections [tokens, 3 hidden]
 * @param attention gradients of what an attention block computes on padded sequences
 * @param context [tokens, hidden]
 * @param inner [tokens, intermediate]
 */
record GradientBuffers(Matrix hidden, Matrix projections, Attention attention, Matrix context, Matrix inner) {}
