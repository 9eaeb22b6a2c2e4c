package io.tessellate.engine.model.batch;

/**
 * What the embeddings are looked up by, one entry per row.
 *
 * @param ids token ids
 * @param types segment ids
 * @param positions places in the sequences, counted from 0
 */
public record TokenInput(int[] ids, int[] types, int[] positions) {}
