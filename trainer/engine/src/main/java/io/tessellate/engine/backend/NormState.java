package io.tessellate.engine.backend;

/**
 * What a layer normalisation keeps for its backward pass.
 *
 * @param normalised (x - mean) / deviation, [rows, width]
 * @param inverseDeviation 1 / sqrt(variance + epsilon), [rows, 1]
 */
public record NormState(Matrix normalised, Matrix inverseDeviation) {}
