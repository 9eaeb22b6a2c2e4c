package io.tessellate.engine.backend;

/**
 * The parameters of a layer normalisation; as a gradient, where those of gain and shift are added up.
 *
 * @param gain [1, width]
 * @param shift [1, width]
 */
public record Norm(Matrix gain, Matrix shift) {}
