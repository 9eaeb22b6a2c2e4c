package io.tessellate.engine.model.batch;

/**
 * What the embeddings are looked up by, one entry per row.
 *
 * @param ids token ids
 * @param types segment ids
 * @param positions places in the sequences, counted from 0
 * @param lengths tokens of the sequence that each row is of
 */
public record TokenInput(int[] ids, int[] types, int[] positions, int[] lengths) {}
