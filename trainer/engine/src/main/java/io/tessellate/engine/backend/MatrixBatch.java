package io.tessellate.engine.backend;

/**
 * One small matrix per sequence and attention head, [batch, heads, rows, columns], laid over a {@link Matrix} without
 * copying. Made by {@link Backend#heads} and {@link Backend#scores}.
 */
public interface MatrixBatch {
    /** How the sequences and heads lie in the matrix underneath. */
    HeadShape shape();
}
