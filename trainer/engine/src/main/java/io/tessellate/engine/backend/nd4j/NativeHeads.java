package io.tessellate.engine.backend.nd4j;

import static io.tessellate.engine.backend.Product.AB;
import static io.tessellate.engine.backend.Product.ABT;
import static io.tessellate.engine.backend.Product.ATB;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Reach;
import io.tessellate.engine.backend.nd4j.Nd4jAttention.Member;
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
        for (Member member : a.members()) {
            AbstractNd4jBackend.multiply(ABT, member.query(), a.key(), member.scores());
        }
        softmax(a, lengths);
        for (Member member : a.members()) {
            AbstractNd4jBackend.multiply(AB, member.scores(), a.value(), member.context());
        }
    }

    void backward(Nd4jAttention a, Nd4jAttention d) {
        for (int m = 0; m < a.members().size(); m++) {
            Member in = a.members().get(m);
            Member out = d.members().get(m);
            AbstractNd4jBackend.multiply(shared(ATB, m), in.scores(), out.context(), d.value());
            AbstractNd4jBackend.multiply(ABT, out.context(), a.value(), out.scores());
        }
        softmaxBackward(a, d);
        for (int m = 0; m < a.members().size(); m++) {
            Member in = a.members().get(m);
            Member out = d.members().get(m);
            AbstractNd4jBackend.multiply(AB, out.scores(), a.key(), out.query());
            AbstractNd4jBackend.multiply(shared(ATB, m), out.scores(), in.query(), d.key());
        }
    }

    /** What heads share gets the sum of their gradients: the first sets it, the others add. */
    static Product shared(Product product, int member) {
        return member == 0 ? product : product.accumulating();
    }

    private void softmax(Nd4jAttention a, int[] lengths) {
        HeadShape shape = a.shape();
        int columns = shape.length();
        int perSequence = shape.heads() * columns;
        Floats floats = Floats.of(a.scores());
        runner.run(shape.scoreRows(), columns, (from, to, scratch) -> {
            floats.read(from, to, scratch[0]);
            HostSoftmax.rows(scratch, to - from, columns, live(shape, lengths, from, perSequence), shape.scale());
            floats.write(from, to, scratch[1]);
        });
    }

    private static HostSoftmax.Live live(HeadShape shape, int[] lengths, int from, int perSequence) {
        Reach reach = shape.reach();
        return new HostSoftmax.Live(r -> reach.first((from + r) % shape.length()), r -> {
            int length = lengths[(from + r) / perSequence];
            // A padding query sees what real ones do, so that its sum is not empty.
            return reach.causal() ? reach.end((from + r) % shape.length(), shape.length()) : length;
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
