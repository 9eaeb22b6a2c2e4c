package io.tessellate.engine.backend;

import org.jspecify.annotations.Nullable;

/**
 * The parameters of a layer normalisation; as a gradient, where those of gain and shift are added up.
 *
 * @param gain [1, width]
 * @param shift [1, width], if there is one
 */
public record Norm(Matrix gain, @Nullable Matrix shift) {}
