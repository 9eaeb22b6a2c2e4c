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
        return taken(work, projections, 0, shape.heads());
    }

    /** Matrices of keys, [batch x key and value heads, length, width]. */
    Tensor keys(KernelWorkspace work) {
        return taken(work, projections, shape.heads(), shape.keyValueHeads());
    }

    Tensor values(KernelWorkspace work) {
        return taken(work, projections, shape.heads() + shape.keyValueHeads(), shape.keyValueHeads());
    }

    /** Matrices of contexts, shaped as the queries. */
    Tensor contexts(KernelWorkspace work) {
        return taken(work, context, 0, shape.heads());
    }

    void putQueries(KernelWorkspace work, Tensor queries) {
        put(work, queries, projections, 0, shape.heads());
    }

    void putKeys(KernelWorkspace work, Tensor keys) {
        put(work, keys, projections, shape.heads(), shape.keyValueHeads());
    }

    void putValues(KernelWorkspace work, Tensor values) {
        put(work, values, projections, shape.heads() + shape.keyValueHeads(), shape.keyValueHeads());
    }

    void putContexts(KernelWorkspace work, Tensor contexts) {
        put(work, contexts, context, 0, shape.heads());
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

    private Tensor taken(KernelWorkspace work, Matrix matrix, int first, int heads) {
        Tensor taken = memory(work, heads);
        Libtorch.copy(work.view(taken, perHead(heads)), where(work, matrix, first, heads));
        return taken;
    }

    private void put(KernelWorkspace work, Tensor source, Matrix matrix, int first, int heads) {
        Libtorch.copy(where(work, matrix, first, heads), work.view(source, perHead(heads)));
    }

    private long[] perHead(int heads) {
        return new long[] {shape.batch(), heads, shape.length(), shape.width()};
    }

    private Tensor where(KernelWorkspace work, Matrix matrix, int first, int heads) {
        long columns = matrix.columns();
        long[] strides = {shape.length() * columns, shape.width(), columns, 1};
        return work.strided(matrix, (long) first * shape.width(), perHead(heads), strides);
    }
}
