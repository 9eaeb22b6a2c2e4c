package io.tessellate.engine.backend;

import static io.tessellate.engine.backend.KernelContract.assertClose;
import static io.tessellate.engine.backend.KernelContract.wide;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Attention of random tokens, forward and backward, held against its definition in double precision. */
final class AttentionCheck {
    private final KernelMemory kernels;
    private final HeadShape shape;
    private final ProbabilityDropout dropout;
    private final int[] lengths;
    private final Matrix projections;
    private final Matrix contextGradient;
    private final ReferenceAttention reference;

    AttentionCheck(KernelMemory kernels, HeadShape shape, ProbabilityDropout dropout, int[] lengths) {
        this.kernels = kernels;
        this.shape = shape;
        this.dropout = dropout;
        this.lengths = lengths;
        this.projections = kernels.random(shape.tokens(), shape.projectionColumns());
        this.contextGradient = kernels.random(shape.tokens(), shape.contextColumns());
        clearPadding();
        this.reference = new ReferenceAttention(shape, dropout, wide(projections), wide(contextGradient));
        for (int b = 0; b < lengths.length; b++) {
            reference.run(b, lengths[b]);
        }
    }

    private void clearPadding() {
        float[] values = new float[contextGradient.size()];
        contextGradient.get(values);
        int columns = contextGradient.columns();
        for (int b = 0; b < shape.batch(); b++) {
            int end = (b + 1) * shape.length() * columns;
            Arrays.fill(values, (b * shape.length() + lengths[b]) * columns, end, 0f);
        }
        contextGradient.put(values);
    }

    private Attention attention(Matrix projected, Matrix context) {
        Matrix scores = kernels.empty(shape.scoreRows(), shape.length());
        return kernels.backend().attention().attention(shape, projected, scores, context);
    }

    /** Both passes; what padding gets as context is finite. */
    void run() {
        Attention attention = attention(projections, kernels.empty(shape.tokens(), shape.contextColumns()));
        Attention gradients = attention(kernels.empty(shape.tokens(), shape.projectionColumns()), contextGradient);
        kernels.backend().attention().attend(attention, lengths, dropout);
        kernels.backend().attention().attendBackward(attention, lengths, dropout, gradients);
        compare(attention, gradients, reference);
    }

    /** The same where the distance of two tokens has a place, one of so many. */
    void runWithPlaces(int count, int... rows) {
        Matrix placed = kernels.random(count, shape.projectionColumns());
        Attention attention = attention(projections, kernels.empty(shape.tokens(), shape.contextColumns()));
        Attention gradients = attention(kernels.empty(shape.tokens(), shape.projectionColumns()), contextGradient);
        Attention.Disentangled all = new Attention.Disentangled(attention, placed, rows);
        Attention.Disentangled back =
                new Attention.Disentangled(gradients, kernels.random(count, shape.projectionColumns()), rows);
        kernels.backend().attention().attend(all, lengths, dropout);
        kernels.backend().attention().attendBackward(all, lengths, dropout, back);
        double[] values = wide(placed);
        ReferenceAttention.Places places = new ReferenceAttention.Places(rows, values, new double[values.length]);
        ReferenceAttention expected =
                new ReferenceAttention(shape, dropout, wide(projections), wide(contextGradient), places);
        for (int b = 0; b < lengths.length; b++) {
            expected.run(b, lengths[b]);
        }
        compare(attention, gradients, expected);
        assertClose(back.places(), places.gradient(), rounding(shape.tokens()));
    }

    /** Scores, the softmax of a row, what it weighs, and back; then sums of so many. */
    private Rounding rounding(int summed) {
        return Rounding.single(2L * (shape.width() + 2L * shape.length() + Rounding.FUNCTION) + summed);
    }

    private void compare(Attention attention, Attention gradients, ReferenceAttention expected) {
        Rounding rounding = rounding(0);
        double[] context = wide(attention.context());
        for (int b = 0; b < lengths.length; b++) {
            int from = b * shape.length() * shape.contextColumns();
            int end = from + shape.length() * shape.contextColumns();
            int live = from + lengths[b] * shape.contextColumns();
            rounding.assertClose(
                    Arrays.copyOfRange(context, from, live), Arrays.copyOfRange(expected.context(), from, live));
            assertThat(Arrays.stream(context, live, end)).allMatch(Double::isFinite);
        }
        assertClose(gradients.projections(), expected.projectionGradient(), rounding);
    }

    /** The last token of each sequence by itself, over the keys and values that were kept of the others. */
    void assertTheLastTokenAloneSeesTheSame() {
        AttentionKernels attention = kernels.backend().attention();
        KeyValues cache =
                new KeyValues(shape, kernels.empty(shape.tokens(), 2 * shape.keyValueHeads() * shape.width()));
        cache.rows().clear();
        int[] real = IntStream.range(0, shape.tokens())
                .filter(row -> row % shape.length() < lengths[row / shape.length()])
                .toArray();
        attention.keep(projections, real, cache, real);
        int[] last = IntStream.range(0, shape.batch())
                .map(b -> b * shape.length() + lengths[b] - 1)
                .toArray();
        Matrix next = kernels.empty(shape.batch(), shape.projectionColumns());
        kernels.backend().rows().gatherRows(projections, last, next, false);
        Matrix result = kernels.empty(shape.batch(), shape.contextColumns());
        attention.attendNext(next, cache, lengths, result);
        int columns = shape.contextColumns();
        double[] expected = new double[result.size()];
        for (int b = 0; b < last.length; b++) {
            System.arraycopy(reference.context(), last[b] * columns, expected, b * columns, columns);
        }
        long roundings = shape.width() + 2L * shape.length() + Rounding.FUNCTION;
        assertClose(result, expected, Rounding.single(roundings));
    }
}
