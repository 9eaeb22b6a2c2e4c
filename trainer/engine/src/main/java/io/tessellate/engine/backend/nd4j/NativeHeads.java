package io.tessellate.engine.backend.nd4j;

import static io.tessellate.engine.backend.Product.AB;
import static io.tessellate.engine.backend.Product.ABT;
import static io.tessellate.engine.backend.Product.ATB;

import io.tessellate.engine.backend.HeadShape;
import java.util.Arrays;

/** Attention of all heads at once: products by ND4J over padded sequences, the softmax between them as a row kernel. */
record NativeHeads(RowRunner runner) {
    /** Up to this length a head is too little work for a call into native code. */
    private static final int SHORT = 64;

    /**
     * Whether ND4J is faster than {@link HostHeads}: for long sequences with little padding. Depends on the batch alone, so
     * that the same batch always goes the same way.
     */
    static boolean pay(HeadShape shape, int[] lengths) {
        double real = Arrays.stream(lengths).mapToDouble(n -> (double) n * n).sum();
        return shape.length() > SHORT && 2 * real > (double) shape.batch() * shape.length() * shape.length();
    }

    void forward(Nd4jAttention a, int[] lengths) {
        AbstractNd4jBackend.multiply(ABT, a.query(), a.key(), a.scoreHeads());
        softmax(a, lengths);
        AbstractNd4jBackend.multiply(AB, a.scoreHeads(), a.value(), a.contextHeads());
    }

    void backward(Nd4jAttention a, Nd4jAttention d) {
        AbstractNd4jBackend.multiply(ATB, a.scoreHeads(), d.contextHeads(), d.value());
        AbstractNd4jBackend.multiply(ABT, d.contextHeads(), a.value(), d.scoreHeads());
        softmaxBackward(a, d);
        AbstractNd4jBackend.multiply(AB, d.scoreHeads(), a.key(), d.query());
        AbstractNd4jBackend.multiply(ATB, d.scoreHeads(), a.query(), d.key());
    }

    private void softmax(Nd4jAttention a, int[] lengths) {
        HeadShape shape = a.shape();
        int columns = shape.length();
        int perSequence = shape.heads() * columns;
        Floats floats = Floats.of(a.scores());
        runner.run(shape.scoreRows(), columns, (from, to, scratch) -> {
            floats.read(from, to, scratch[0]);
            HostSoftmax.rows(scratch, to - from, columns, r -> lengths[(from + r) / perSequence], shape.scale());
            floats.write(from, to, scratch[1]);
        });
    }

    private void softmaxBackward(Nd4jAttention a, Nd4jAttention d) {
        int columns = a.shape().length();
        Floats probabilities = Floats.of(a.scores());
        Floats inOut = Floats.of(d.scores());
        runner.run(a.shape().scoreRows(), columns, (from, to, scratch) -> {
            int n = (to - from) * columns;
            inOut.read(from, to, scratch[0]);
            probabilities.read(from, to, scratch[1]);
            HostKernels.product(scratch[0], scratch[1], scratch[2], n);
            for (int r = 0; r < to - from; r++) {
                float dot = HostKernels.sum(scratch[2], r * columns, (r + 1) * columns);
                HostTile.fillRow(scratch[3], r, columns, dot);
            }
            HostKernels.softmaxGradient(
                    scratch[0], scratch[1], scratch[3], a.shape().scale(), n);
            inOut.write(from, to, scratch[0]);
        });
    }
}
