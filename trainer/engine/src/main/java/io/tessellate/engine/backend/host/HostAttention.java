package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.AttentionKernels;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.KeyValues;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.ProbabilityDropout;
import io.tessellate.engine.backend.Rotation;

/** Attention head by head, several at a time; the heads do not depend on each other. */
record HostAttention(RowRunner runner) implements AttentionKernels {
    /** Attention without views of its heads: {@link HostHeads} finds them in memory. */
    private record HeadMatrices(HeadShape shape, Matrix projections, Matrix scores, Matrix context)
            implements Attention {}

    @Override
    public Attention attention(HeadShape shape, Matrix projections, Matrix scores, Matrix context) {
        return new HeadMatrices(shape, projections, scores, context);
    }

    @Override
    public void attend(Attention attention, int[] lengths, ProbabilityDropout dropout) {
        HeadShape shape = attention.shape();
        HostHeads heads = HostHeads.of(attention, dropout);
        runner.run(shape.batch() * shape.heads(), 1, HostHeads.blockFloats(shape), (from, to, scratch) -> {
            for (int head = from; head < to; head++) {
                heads.forward(lengths, head, scratch);
            }
        });
    }

    @Override
    public void attendBackward(Attention attention, int[] lengths, ProbabilityDropout dropout, Attention gradients) {
        HeadShape shape = attention.shape();
        HostHeads heads = HostHeads.of(attention, dropout);
        HostHeads into = HostHeads.of(gradients, dropout);
        runner.run(shape.batch() * shape.keyValueHeads(), 1, HostHeads.blockFloats(shape), (from, to, scratch) -> {
            for (int head = from; head < to; head++) {
                heads.backward(lengths, head, into, scratch);
            }
        });
    }

    @Override
    public void attend(Attention.Disentangled attention, int[] lengths, ProbabilityDropout dropout) {
        HeadShape shape = attention.tokens().shape();
        HostHeads heads = HostHeads.of(attention.tokens(), dropout);
        HostPlaces places = HostPlaces.of(attention);
        runner.run(shape.batch() * shape.heads(), 1, HostHeads.blockFloats(shape), (from, to, scratch) -> {
            for (int head = from; head < to; head++) {
                heads.forward(lengths, head, places.terms(head, lengths[head / shape.heads()]), scratch);
            }
        });
    }

    /** What all sequences add to the gradients of a head's places is added up by one thread, in their order. */
    @Override
    public void attendBackward(
            Attention.Disentangled attention,
            int[] lengths,
            ProbabilityDropout dropout,
            Attention.Disentangled gradients) {
        HeadShape shape = attention.tokens().shape();
        HostHeads heads = HostHeads.of(attention.tokens(), dropout);
        HostHeads into = HostHeads.of(gradients.tokens(), dropout);
        HostPlaces places = HostPlaces.of(attention);
        HostPlaces intoPlaces = HostPlaces.of(gradients);
        gradients.places().clear();
        runner.run(shape.heads(), 1, HostHeads.blockFloats(shape), (from, to, scratch) -> {
            for (int b = 0; b < shape.batch(); b++) {
                for (int head = b * shape.heads() + from; head < b * shape.heads() + to; head++) {
                    HostPlaces.Terms slopes = places.noTerms(lengths[b]);
                    heads.backward(lengths, head, into, slopes, scratch);
                    places.addGradients(head, lengths[b], slopes, intoPlaces);
                }
            }
        });
    }

    @Override
    public void keep(Matrix projections, int[] rows, KeyValues cache, int[] slots) {
        new HostCachedAttention(cache).keep(projections, rows, slots);
    }

    @Override
    public void attendNext(Matrix projections, KeyValues cache, int[] lengths, Matrix context) {
        HostCachedAttention kept = new HostCachedAttention(cache);
        HeadShape shape = cache.shape();
        runner.run(shape.batch() * shape.heads(), 1, shape.length() * shape.width(), (from, to, scratch) -> {
            for (int head = from; head < to; head++) {
                kept.attend(projections, lengths, head, context);
            }
        });
    }

    @Override
    public void rotate(Matrix x, Rotation rotation, boolean back) {
        new HostRotation(runner).run(x, rotation, back);
    }
}
