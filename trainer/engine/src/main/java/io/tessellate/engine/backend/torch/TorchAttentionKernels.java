package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.AttentionKernels;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.KeyValues;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.ProbabilityDropout;
import io.tessellate.engine.backend.Rotation;

/** Attention of all heads at once. */
record TorchAttentionKernels(Workspaces workspaces) implements AttentionKernels {
    @Override
    public Attention attention(HeadShape shape, Matrix projections, Matrix scores, Matrix context) {
        return new TorchAttention(shape, projections, scores, context);
    }

    @Override
    public void attend(Attention attention, int[] lengths, ProbabilityDropout dropout) {
        TorchAttention a = (TorchAttention) attention;
        try (KernelWorkspace work = workspaces.open()) {
            rawScores(work, a);
            contexts(work, a, lengths, dropout);
        }
    }

    @Override
    public void attend(Attention.Disentangled attention, int[] lengths, ProbabilityDropout dropout) {
        TorchAttention a = (TorchAttention) attention.tokens();
        try (KernelWorkspace work = workspaces.open()) {
            rawScores(work, a);
            new TorchAttention.Places(work, attention).addTo(a.scores());
            contexts(work, a, lengths, dropout);
        }
    }

    private static void rawScores(KernelWorkspace work, TorchAttention a) {
        HeadShape shape = a.shape();
        Tensor keys = transposed(work, a.keys(work), shape.length(), shape);
        Libtorch.multiplyEach(a.scoreMatrices(work), a.queries(work), keys);
    }

    private static void contexts(KernelWorkspace work, TorchAttention a, int[] lengths, ProbabilityDropout dropout) {
        HeadShape shape = a.shape();
        Tensor scores = a.scoreMatrices(work);
        scaled(scores, shape);
        ReachMask.add(work, perHead(work, a), shape, lengths);
        Operators.softmax(scores, 2, scores);
        Tensor contexts = a.memory(work, shape.heads());
        Libtorch.multiplyEach(contexts, dropped(work, a, dropout), a.values(work));
        a.putContexts(work, contexts);
    }

    /** Scales raw scores, and caps them where the shape asks for it. */
    private static void scaled(Tensor scores, HeadShape shape) {
        Operators.scale(scores, shape.scale());
        if (shape.softCap() != 0) {
            Operators.softCap(scores, shape.softCap());
        }
    }

    /** Matrices of keys or values, the other way round. */
    private static Tensor transposed(KernelWorkspace work, Tensor matrices, long rows, HeadShape shape) {
        long[] sizes = {(long) shape.batch() * shape.keyValueHeads(), shape.width(), rows};
        return work.strided(matrices, sizes, new long[] {rows * shape.width(), 1, shape.width()});
    }

    private static Tensor perHead(KernelWorkspace work, TorchAttention a) {
        HeadShape shape = a.shape();
        return work.view(a.scores(), 0, shape.batch(), shape.heads(), shape.length(), shape.length());
    }

    /** The probabilities that are left; those before stay where they are. */
    private static Tensor dropped(KernelWorkspace work, TorchAttention a, ProbabilityDropout dropout) {
        Tensor scores = a.scoreMatrices(work);
        if (!dropout.active()) {
            return scores;
        }
        Tensor left = TorchDropout.factors(work, a.shape(), dropout);
        Operators.multiply(left, work.view(a.scores()), left);
        HeadShape shape = a.shape();
        return work.view(
                left,
                (long) shape.batch() * shape.keyValueHeads(),
                (long) shape.group() * shape.length(),
                shape.length());
    }

    @Override
    public void attendBackward(Attention attention, int[] lengths, ProbabilityDropout dropout, Attention gradients) {
        TorchAttention a = (TorchAttention) attention;
        TorchAttention d = (TorchAttention) gradients;
        HeadShape shape = a.shape();
        try (KernelWorkspace work = workspaces.open()) {
            Tensor contexts = d.contexts(work);
            Tensor shared = d.memory(work, shape.keyValueHeads());
            Libtorch.multiplyEach(shared, turned(work, dropped(work, a, dropout), shape), contexts);
            d.putValues(work, shared);
            Tensor slopes = d.scoreMatrices(work);
            Libtorch.multiplyEach(slopes, contexts, transposed(work, a.values(work), shape.length(), shape));
            if (dropout.active()) {
                Tensor rows = work.view(d.scores());
                Operators.multiply(rows, TorchDropout.factors(work, shape, dropout), rows);
            }
            Operators.softmaxBackward(slopes, a.scoreMatrices(work), 2);
            Operators.scale(slopes, shape.scale());
            belowCap(work, a, slopes);
            Tensor queries = d.memory(work, shape.heads());
            Libtorch.multiplyEach(queries, slopes, a.keys(work));
            d.putQueries(work, queries);
            Libtorch.multiplyEach(shared, turned(work, slopes, shape), a.queries(work));
            d.putKeys(work, shared);
        }
    }

    @Override
    public void attendBackward(
            Attention.Disentangled attention,
            int[] lengths,
            ProbabilityDropout dropout,
            Attention.Disentangled gradients) {
        attendBackward(attention.tokens(), lengths, dropout, gradients.tokens());
        try (KernelWorkspace work = workspaces.open()) {
            new TorchAttention.Places(work, attention)
                    .backward(gradients.tokens().scores(), gradients);
        }
    }

    /** The gradient is multiplied with the slope of the cap at the scores, which are computed again. */
    private static void belowCap(KernelWorkspace work, TorchAttention a, Tensor gradient) {
        HeadShape shape = a.shape();
        if (shape.softCap() == 0) {
            return;
        }
        Tensor scores = work.floats(
                (long) shape.batch() * shape.keyValueHeads(), (long) shape.group() * shape.length(), shape.length());
        Libtorch.multiplyEach(scores, a.queries(work), transposed(work, a.keys(work), shape.length(), shape));
        scaled(scores, shape);
        TorchActivations.softCapBackward(work, scores, gradient, shape.softCap());
    }

    /** Matrices of scores, the other way round. */
    private static Tensor turned(KernelWorkspace work, Tensor scores, HeadShape shape) {
        long queries = (long) shape.group() * shape.length();
        long[] sizes = {(long) shape.batch() * shape.keyValueHeads(), shape.length(), queries};
        return work.strided(scores, sizes, new long[] {queries * shape.length(), 1, shape.length()});
    }

    @Override
    public void keep(Matrix projections, int[] rows, KeyValues cache, int[] slots) {
        HeadShape shape = cache.shape();
        try (KernelWorkspace work = workspaces.open()) {
            Tensor from = work.places(rows, rows.length);
            Tensor to = work.places(slots, slots.length);
            for (int part = 0; part < 2; part++) {
                HeadShape.Columns heads = part == 0 ? shape.keys() : shape.values();
                Tensor found = work.floats(rows.length, shape.keyValueHeads(), shape.width());
                Operators.select(work.heads(projections, heads, shape.width()), from, found);
                Operators.assign(work.heads(cache.rows(), keptColumns(shape, part), shape.width()), to, found);
            }
        }
    }

    private static HeadShape.Columns keptColumns(HeadShape shape, int part) {
        return new HeadShape.Columns(
                part * shape.keyValueHeads() * shape.width(), shape.keyValueHeads(), shape.width());
    }

    @Override
    public void attendNext(Matrix projections, KeyValues cache, int[] lengths, Matrix context) {
        HeadShape shape = cache.shape();
        long heads = (long) shape.batch() * shape.keyValueHeads();
        try (KernelWorkspace work = workspaces.open()) {
            Tensor queries = work.floats(shape.batch(), shape.heads(), shape.width());
            Libtorch.copy(queries, work.heads(projections, shape.queries(), shape.width()));
            Tensor scores = work.floats(heads, shape.group(), shape.length());
            Libtorch.multiplyEach(
                    scores,
                    work.view(queries, heads, shape.group(), shape.width()),
                    transposed(work, kept(work, cache, 0), shape.length(), shape));
            scaled(scores, shape);
            Tensor rows = work.view(scores, shape.batch(), shape.heads(), 1, shape.length());
            ReachMask.addOfLast(work, rows, shape, lengths);
            Operators.softmax(scores, 2, scores);
            Tensor contexts = work.floats(heads, shape.group(), shape.width());
            Libtorch.multiplyEach(contexts, scores, kept(work, cache, 1));
            Libtorch.copy(work.view(context), work.view(contexts, shape.batch(), shape.contextColumns()));
        }
    }

    /** Matrices of the keys (part 0) or values (part 1) that are kept. */
    private static Tensor kept(KernelWorkspace work, KeyValues cache, int part) {
        HeadShape shape = cache.shape();
        long columns = cache.rows().columns();
        long[] sizes = {shape.batch(), shape.keyValueHeads(), shape.length(), shape.width()};
        long[] strides = {shape.length() * columns, shape.width(), columns, 1};
        Tensor kept = work.floats((long) shape.batch() * shape.keyValueHeads(), shape.length(), shape.width());
        Libtorch.copy(work.view(kept, sizes), work.strided(cache.rows(), part * columns / 2, sizes, strides));
        return kept;
    }

    @Override
    public void rotate(Matrix x, Rotation rotation, boolean back) {
        rotation.heads().forEach(heads -> rotate(x, rotation, heads, back));
    }

    private void rotate(Matrix x, Rotation rotation, HeadShape.Columns heads, boolean back) {
        int half = rotation.cos().columns();
        float sign = back ? -1 : 1;
        try (KernelWorkspace work = workspaces.open()) {
            Tensor cos = work.view(rotation.cos(), 0, x.rows(), 1, half);
            Tensor sin = work.view(rotation.sin(), 0, x.rows(), 1, half);
            Tensor left = work.heads(x, heads, half);
            Tensor right =
                    work.heads(x, new HeadShape.Columns(heads.first() + half, heads.count(), heads.stride()), half);
            Tensor across = work.floats(x.rows(), heads.count(), half);
            Operators.multiply(left, sin, across);
            Operators.multiply(left, cos, left);
            Operators.addProduct(left, -sign, right, sin);
            Operators.multiply(right, cos, right);
            Operators.addProduct(right, sign, across, work.one());
        }
    }
}
