package io.tessellate.engine.model;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.MatrixBatch;

/**
 * What an attention block computes on padded sequences, or the gradients of that, whole and per head.
 *
 * @param projections query, key and value side by side, [tokens, 3 hidden]
 * @param query heads of the first part
 * @param key heads of the second
 * @param value heads of the third
 * @param scores [batch x heads x length, length]
 * @param scoreHeads the same per head
 * @param context [tokens, hidden]
 * @param contextHeads the same per head
 */
record AttentionBuffers(
        Matrix projections,
        MatrixBatch query,
        MatrixBatch key,
        MatrixBatch value,
        Matrix scores,
        MatrixBatch scoreHeads,
        Matrix context,
        MatrixBatch contextHeads) {

    static AttentionBuffers over(Backend backend, HeadShape shape, Matrix projections, Matrix scores, Matrix context) {
        return new AttentionBuffers(
                projections,
                backend.heads(projections, shape, 0),
                backend.heads(projections, shape, 1),
                backend.heads(projections, shape, 2),
                scores,
                backend.scores(scores, shape),
                context,
                backend.heads(context, shape, 0));
    }
}
