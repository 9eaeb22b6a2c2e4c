package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;

/**
 * The matrices of an attention block. Heads are taken out of them into matrices of their own, one after the other: the query
 * heads that share a key and a value lie below each other, so that each of these is multiplied with once.
 */
record TorchAttention(HeadShape shape, Matrix projections, Matrix scores, Matrix context) implements Attention {
    /** Matrices of queries, [batch x key and value heads, group x length, width]. */
    Tensor queries(KernelWorkspace work) {
        return taken(work, projections, shape.queries());
    }

    /** Matrices of keys, [batch x key and value heads, length, width]. */
    Tensor keys(KernelWorkspace work) {
        return taken(work, projections, shape.keys());
    }

    Tensor values(KernelWorkspace work) {
        return taken(work, projections, shape.values());
    }

    /** Matrices of contexts, shaped as the queries. */
    Tensor contexts(KernelWorkspace work) {
        return taken(work, context, contextColumns());
    }

    void putQueries(KernelWorkspace work, Tensor queries) {
        put(work, queries, projections, shape.queries());
    }

    void putKeys(KernelWorkspace work, Tensor keys) {
        put(work, keys, projections, shape.keys());
    }

    void putValues(KernelWorkspace work, Tensor values) {
        put(work, values, projections, shape.values());
    }

    void putContexts(KernelWorkspace work, Tensor contexts) {
        put(work, contexts, context, contextColumns());
    }

    /** The scores where they lie, [batch x key and value heads, group x length, length]. */
    Tensor scoreMatrices(KernelWorkspace work) {
        return work.view(
                scores,
                0,
                (long) shape.batch() * shape.keyValueHeads(),
                (long) shape.group() * shape.length(),
                shape.length());
    }

    /** Memory shaped as the matrices of so many heads. */
    Tensor memory(KernelWorkspace work, int heads) {
        return work.floats(
                (long) shape.batch() * shape.keyValueHeads(),
                (long) heads / shape.keyValueHeads() * shape.length(),
                shape.width());
    }

    private HeadShape.Columns contextColumns() {
        return new HeadShape.Columns(0, shape.heads(), shape.width());
    }

    private Tensor taken(KernelWorkspace work, Matrix matrix, HeadShape.Columns heads) {
        Tensor taken = memory(work, heads.count());
        Libtorch.copy(work.view(taken, perHead(heads.count())), where(work, matrix, heads));
        return taken;
    }

    private void put(KernelWorkspace work, Tensor source, Matrix matrix, HeadShape.Columns heads) {
        Libtorch.copy(where(work, matrix, heads), work.view(source, perHead(heads.count())));
    }

    private long[] perHead(int heads) {
        return new long[] {shape.batch(), heads, shape.length(), shape.width()};
    }

    private Tensor where(KernelWorkspace work, Matrix matrix, HeadShape.Columns heads) {
        long columns = matrix.columns();
        long[] strides = {shape.length() * columns, heads.stride(), columns, 1};
        return work.strided(matrix, heads.first(), perHead(heads.count()), strides);
    }
}
