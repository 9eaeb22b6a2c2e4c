package io.tessellate.engine.backend;

/**
 * Rotary position embeddings (Su et al. 2021, <a href="https://arxiv.org/abs/2104.09864">2104.09864</a>) of a batch's
 * tokens: within each head, column i of the first half and column i of the second half are turned as a point of the plane.
 *
 * @param cos of each token's angles, [rows, width / 2]
 * @param sin of each token's angles, [rows, width / 2]
 * @param heads how many heads at the front of a row are turned
 * @param width columns of one head, even
 */
public record Rotation(Matrix cos, Matrix sin, int heads, int width) {}
