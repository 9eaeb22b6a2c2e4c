package io.tessellate.engine.model;

import io.tessellate.engine.backend.Matrix;

/**
 * Where a backward pass keeps the gradients on their way down; shared by all layers.
 *
 * @param hidden [tokens, hidden]
 * @param attention gradients of what an attention block computes
 * @param inner [tokens, intermediate]
 */
record GradientBuffers(Matrix hidden, AttentionBuffers attention, Matrix inner) {}
