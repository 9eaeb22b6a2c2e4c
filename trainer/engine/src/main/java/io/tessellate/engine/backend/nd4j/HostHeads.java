package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.HeadShape;
import java.nio.FloatBuffer;
import java.util.Arrays;

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
        int sequence = head / shape.heads();
        int n = lengths[sequence];
        int width = shape.width();
        int shared = sequence * shape.keyValueHeads() + head % shape.heads() / shape.group();
        Scratch scratch = Scratch.of(Math.max(shape.length(), width));
        readQuery(head, n, scratch.query);
        readShared(shared, 0, n, scratch.key);
        readShared(shared, 1, n, scratch.value);
        scratch.transposed.transpose(scratch.key, n, width);
        scratch.scores.product(scratch.query, scratch.transposed, n, width, n);
        for (int i = 0; i < n; i++) {
            softmax(scratch.scores.row(i), i, n);
        }
        scratch.scores.write(scores, scoreRow(head), shape.length(), n, n);
        scratch.result.product(scratch.scores, scratch.value, n, n, width);
        scratch.result.write(context, contextRow(head), shape.contextColumns(), n, width);
        clear(context, contextRow(head), shape.contextColumns(), n);
    }

    private void softmax(float[] row, int query, int n) {
        int from = shape.reach().first(query);
        int to = shape.reach().end(query, n);
        if (from > 0 || to < n) {
            // Keys out of reach get an exponential of 0; the loops below then need not know of them.
            Arrays.fill(row, 0, from, Float.NEGATIVE_INFINITY);
            Arrays.fill(row, to, n, Float.NEGATIVE_INFINITY);
        }
        HostKernels.shiftAndScale(row, HostKernels.max(row, from, to), shape.scale(), n);
        HostKernels.expNonPositive(row, row, n);
        if (from > 0 || to < n) {
            Arrays.fill(row, 0, from, 0f);
            Arrays.fill(row, to, n, 0f);
        }
        HostKernels.scale(row, 1f / HostKernels.sum(row, 0, n), n);
    }

    /**
     * From the gradients of the contexts of the heads that share a key and a value to those of the queries, the key and
     * the value; {@code shared} counts through all key and value heads of all sequences.
     */
    void backward(int[] lengths, int shared, HostHeads gradients) {
        int n = lengths[shared / shape.keyValueHeads()];
        Scratch scratch = Scratch.of(Math.max(shape.length(), shape.width()));
        for (int member = 0; member < shape.group(); member++) {
            backward(n, shared, member, gradients, scratch);
        }
    }

    private void backward(int n, int shared, int member, HostHeads gradients, Scratch scratch) {
        int width = shape.width();
        int head = shared * shape.group() + member;
        HeadRows probabilities = scratch.scores;
        HeadRows slopes = scratch.slopes;
        HeadRows result = scratch.result;
        probabilities.read(scores, scoreRow(head), shape.length(), n, n);
        HeadRows contextGradient = scratch.context;
        contextGradient.read(gradients.context, gradients.contextRow(head), shape.contextColumns(), n, width);

        scratch.transposed.transpose(probabilities, n, n);
        result.product(scratch.transposed, contextGradient, n, n, width);
        gradients.writeShared(shared, 1, n, member, scratch);

        readShared(shared, 1, n, scratch.value);
        scratch.transposed.transpose(scratch.value, n, width);
        slopes.product(contextGradient, scratch.transposed, n, width, n);
        for (int i = 0; i < n; i++) {
            softmaxBackward(slopes.row(i), probabilities.row(i), scratch.row, n);
        }

        readShared(shared, 0, n, scratch.key);
        result.product(slopes, scratch.key, n, n, width);
        gradients.writeQuery(head, n, result);

        readQuery(head, n, scratch.query);
        scratch.transposed.transpose(slopes, n, n);
        result.product(scratch.transposed, scratch.query, n, n, width);
        gradients.writeShared(shared, 0, n, member, scratch);
    }

    private void softmaxBackward(float[] gradient, float[] probabilities, float[] products, int n) {
        HostKernels.product(gradient, probabilities, products, n);
        float dot = HostKernels.sum(products, 0, n);
        HostKernels.softmaxGradient(gradient, probabilities, dot, shape.scale(), n);
    }

    private int contextRow(int head) {
        int sequence = head / shape.heads();
        return contextAt + sequence * shape.length() * shape.contextColumns() + head % shape.heads() * shape.width();
    }

    private int projectionRow(int sequence, int columnHead) {
        return projectionsAt + sequence * shape.length() * shape.projectionColumns() + columnHead * shape.width();
    }

    private int queryRow(int head) {
        return projectionRow(head / shape.heads(), head % shape.heads());
    }

    /** Where a key (part 0) or a value (part 1) begins. */
    private int sharedRow(int shared, int part) {
        int inSequence = shared % shape.keyValueHeads();
        return projectionRow(shared / shape.keyValueHeads(), shape.heads() + part * shape.keyValueHeads() + inSequence);
    }

    private int scoreRow(int head) {
        return scoresAt + head * shape.length() * shape.length();
    }

    private void readQuery(int head, int n, HeadRows rows) {
        rows.read(projections, queryRow(head), shape.projectionColumns(), n, shape.width());
    }

    private void readShared(int shared, int part, int n, HeadRows rows) {
        rows.read(projections, sharedRow(shared, part), shape.projectionColumns(), n, shape.width());
    }

    private void writeQuery(int head, int n, HeadRows rows) {
        rows.write(projections, queryRow(head), shape.projectionColumns(), n, shape.width());
        clear(projections, queryRow(head), shape.projectionColumns(), n);
    }

    /** Writes the result of the first of the heads that share this, and adds those of the others. */
    private void writeShared(int shared, int part, int n, int member, Scratch scratch) {
        int row = sharedRow(shared, part);
        if (member > 0) {
            scratch.earlier.read(projections, row, shape.projectionColumns(), n, shape.width());
            for (int r = 0; r < n; r++) {
                HostKernels.add(scratch.result.row(r), scratch.earlier.row(r), shape.width());
            }
        }
        scratch.result.write(projections, row, shape.projectionColumns(), n, shape.width());
        clear(projections, row, shape.projectionColumns(), n);
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
        final HeadRows earlier;
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
            this.earlier = new HeadRows(most, most);
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
