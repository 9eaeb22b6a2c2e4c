package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.HeadShape;
import java.nio.FloatBuffer;

/**
 * Attention of single heads over the real tokens only, in Java: a head of a short sequence is too little work for a call
 * into native code.
 *
 * @param shape sequences and heads
 * @param projections memory of query, key and value
 * @param projectionsAt where they begin there
 * @param scores memory of the probabilities
 * @param scoresAt where they begin there
 * @param context memory of the context
 * @param contextAt where it begins there
 */
record HostHeads(
        HeadShape shape,
        FloatBuffer projections,
        int projectionsAt,
        FloatBuffer scores,
        int scoresAt,
        FloatBuffer context,
        int contextAt) {
    private static final int PARTS = 3;

    static HostHeads of(Attention attention) {
        return new HostHeads(
                attention.shape(),
                ((HostVector) attention.projections().memory()).buffer(),
                attention.projections().offset(),
                ((HostVector) attention.scores().memory()).buffer(),
                attention.scores().offset(),
                ((HostVector) attention.context().memory()).buffer(),
                attention.context().offset());
    }

    /** Probabilities and context of one head; {@code head} counts through all heads of all sequences. */
    void forward(int[] lengths, int head) {
        int n = lengths[head / shape.heads()];
        int width = shape.width();
        Scratch scratch = Scratch.of(Math.max(shape.length(), width));
        readPart(head, 0, n, scratch.query);
        readPart(head, 1, n, scratch.key);
        readPart(head, 2, n, scratch.value);
        scratch.transposed.transpose(scratch.key, n, width);
        scratch.scores.product(scratch.query, scratch.transposed, n, width, n);
        for (int i = 0; i < n; i++) {
            softmax(scratch.scores.row(i), n);
        }
        scratch.scores.write(scores, scoreRow(head), shape.length(), n, n);
        scratch.result.product(scratch.scores, scratch.value, n, n, width);
        scratch.result.write(context, contextRow(head), hidden(), n, width);
        clear(context, contextRow(head), hidden(), n);
    }

    private void softmax(float[] row, int n) {
        HostKernels.shiftAndScale(row, HostKernels.max(row, 0, n), shape.scale(), n);
        HostKernels.expNonPositive(row, row, n);
        HostKernels.scale(row, 1f / HostKernels.sum(row, 0, n), n);
    }

    /** From the gradient of one head's context to those of its query, key and value. */
    void backward(int[] lengths, int head, HostHeads gradients) {
        int n = lengths[head / shape.heads()];
        int width = shape.width();
        Scratch scratch = Scratch.of(Math.max(shape.length(), width));
        HeadRows probabilities = scratch.scores;
        HeadRows slopes = scratch.slopes;
        HeadRows result = scratch.result;
        probabilities.read(scores, scoreRow(head), shape.length(), n, n);
        HeadRows contextGradient = scratch.context;
        contextGradient.read(gradients.context, gradients.contextRow(head), hidden(), n, width);

        scratch.transposed.transpose(probabilities, n, n);
        result.product(scratch.transposed, contextGradient, n, n, width);
        gradients.writePart(head, 2, n, result);

        readPart(head, 2, n, scratch.value);
        scratch.transposed.transpose(scratch.value, n, width);
        slopes.product(contextGradient, scratch.transposed, n, width, n);
        for (int i = 0; i < n; i++) {
            softmaxBackward(slopes.row(i), probabilities.row(i), scratch.row, n);
        }

        readPart(head, 1, n, scratch.key);
        result.product(slopes, scratch.key, n, n, width);
        gradients.writePart(head, 0, n, result);

        readPart(head, 0, n, scratch.query);
        scratch.transposed.transpose(slopes, n, n);
        result.product(scratch.transposed, scratch.query, n, n, width);
        gradients.writePart(head, 1, n, result);
    }

    private void softmaxBackward(float[] gradient, float[] probabilities, float[] products, int n) {
        HostKernels.product(gradient, probabilities, products, n);
        float dot = HostKernels.sum(products, 0, n);
        HostKernels.softmaxGradient(gradient, probabilities, dot, shape.scale(), n);
    }

    private int hidden() {
        return shape.heads() * shape.width();
    }

    private int contextRow(int head) {
        int sequence = head / shape.heads();
        return contextAt + sequence * shape.length() * hidden() + head % shape.heads() * shape.width();
    }

    private int projectionRow(int head, int part) {
        int sequence = head / shape.heads();
        int column = part * hidden() + head % shape.heads() * shape.width();
        return projectionsAt + sequence * shape.length() * PARTS * hidden() + column;
    }

    private int scoreRow(int head) {
        return scoresAt + head * shape.length() * shape.length();
    }

    private void readPart(int head, int part, int n, HeadRows rows) {
        rows.read(projections, projectionRow(head, part), PARTS * hidden(), n, shape.width());
    }

    private void writePart(int head, int part, int n, HeadRows rows) {
        rows.write(projections, projectionRow(head, part), PARTS * hidden(), n, shape.width());
        clear(projections, projectionRow(head, part), PARTS * hidden(), n);
    }

    /** Sets what belongs to padding to zero. */
    private void clear(FloatBuffer buffer, int offset, int stride, int from) {
        float[] zeros = new float[from < shape.length() ? shape.width() : 0];
        for (int r = from; r < shape.length(); r++) {
            buffer.put(offset + r * stride, zeros);
        }
    }

    /** Arrays a thread works in; they grow with the longest sequence it has seen. */
    private static final class Scratch {
        private static final ThreadLocal<Scratch> LOCAL = new ThreadLocal<>();

        final int most;
        final HeadRows query;
        final HeadRows key;
        final HeadRows value;
        final HeadRows transposed;
        final HeadRows scores;
        final HeadRows slopes;
        final HeadRows context;
        final HeadRows result;
        final float[] row;

        Scratch(int most) {
            this.most = most;
            this.query = new HeadRows(most, most);
            this.key = new HeadRows(most, most);
            this.value = new HeadRows(most, most);
            this.transposed = new HeadRows(most, most);
            this.scores = new HeadRows(most, most);
            this.slopes = new HeadRows(most, most);
            this.context = new HeadRows(most, most);
            this.result = new HeadRows(most, most);
            this.row = new float[most];
        }

        static Scratch of(int most) {
            Scratch scratch = LOCAL.get();
            if (scratch == null || scratch.most < most) {
                scratch = new Scratch(most);
                LOCAL.set(scratch);
            }
            return scratch;
        }
    }
}
