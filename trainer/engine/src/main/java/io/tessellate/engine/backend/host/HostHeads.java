package io.tessellate.engine.backend.host;

import static io.tessellate.engine.backend.Product.AB;
import static io.tessellate.engine.backend.Product.ABT;
import static io.tessellate.engine.backend.Product.ATB;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.ProbabilityDropout;
import io.tessellate.engine.backend.host.HostPlaces.ScoreTerms;
import io.tessellate.engine.backend.host.NativeRows.Extent;

/**
 * Attention of single heads over the real tokens only: products of native code where the heads lie, and between them the
 * softmax in Java. A head is worked off in blocks of queries, each with the keys that one of them sees, so that what goes
 * back and forth stays in the cache.
 *
 * @param shape sequences and heads
 * @param projections of all heads
 * @param scores of all heads
 * @param context of all heads
 * @param dropout of the probabilities
 */
record HostHeads(
        HeadShape shape, NativeRows projections, NativeRows scores, NativeRows context, ProbabilityDropout dropout) {
    /** Queries of a block: as many as {@link NativeRows} multiplies at once. */
    static final int QUERIES = 64;

    static HostHeads of(Attention attention, ProbabilityDropout dropout) {
        return new HostHeads(
                attention.shape(),
                NativeRows.of(attention.projections()),
                NativeRows.of(attention.scores()),
                NativeRows.of(attention.context()),
                dropout);
    }

    /** Floats that a block takes at most. */
    static int blockFloats(HeadShape shape) {
        return QUERIES * shape.length();
    }

    /** Probabilities and context of one head; {@code head} counts through all heads of all sequences. */
    void forward(int[] lengths, int head, float[][] scratch) {
        forward(lengths, head, ScoreTerms.NONE, scratch);
    }

    /** The same with something added to the raw scores. */
    void forward(int[] lengths, int head, ScoreTerms terms, float[][] scratch) {
        int n = lengths[head / shape.heads()];
        int end = shape.asked().to(n);
        for (int from = shape.asked().from(n); from < end; from += QUERIES) {
            forward(head, new Queries(shape, from, Math.min(end, from + QUERIES), n), terms, scratch);
        }
        contextOf(head, n).clear(shape.length() - n, shape.width());
    }

    private void forward(int head, Queries queries, ScoreTerms terms, float[][] scratch) {
        int shared = head / shape.group();
        int rows = queries.count();
        int keys = queries.keys();
        NativeRows block = scoresOf(head, queries);
        NativeRows key = sharedOf(shared, 0, queries.firstKey());
        NativeRows value = sharedOf(shared, 1, queries.firstKey());
        block.multiply(ABT, new Extent(rows, keys, shape.width()), queryOf(head, queries.from()), key);
        block.read(rows, keys, scratch[0]);
        terms.add(scratch[0], queries.from(), rows, queries.firstKey(), keys);
        HostSoftmax.rows(scratch, rows, keys, queries.live(), HostSoftmax.capped(scratch[0], rows * keys, shape));
        if (dropout.active()) {
            System.arraycopy(scratch[1], 0, scratch[0], 0, rows * keys);
            drop(head, queries, scratch[0]);
            block.write(rows, keys, scratch[0]);
        } else {
            block.write(rows, keys, scratch[1]);
        }
        contextOf(head, queries.from()).multiply(AB, new Extent(rows, shape.width(), keys), block, value);
        if (dropout.active()) {
            // The backward pass needs the probabilities themselves.
            block.write(rows, keys, scratch[1]);
        }
    }

    /**
     * From the gradients of the contexts of the heads that share a key and a value to those of the queries, the key and
     * the value; {@code shared} counts through all key and value heads of all sequences.
     */
    void backward(int[] lengths, int shared, HostHeads gradients, float[][] scratch) {
        backward(lengths, shared, gradients, ScoreTerms.NONE, scratch);
    }

    /** The same, where the gradients of the raw scores go to what was added to them, too. */
    void backward(int[] lengths, int shared, HostHeads gradients, ScoreTerms terms, float[][] scratch) {
        int n = lengths[shared / shape.keyValueHeads()];
        gradients.sharedOf(shared, 0, 0).clear(shape.length(), shape.width());
        gradients.sharedOf(shared, 1, 0).clear(shape.length(), shape.width());
        for (int member = 0; member < shape.group(); member++) {
            int head = shared * shape.group() + member;
            int first = shape.asked().from(n);
            int end = shape.asked().to(n);
            gradients.queryOf(head, 0).clear(first, shape.width());
            for (int from = first; from < end; from += QUERIES) {
                backward(head, new Queries(shape, from, Math.min(end, from + QUERIES), n), gradients, terms, scratch);
            }
            gradients.queryOf(head, end).clear(shape.length() - end, shape.width());
        }
    }

    private void backward(int head, Queries queries, HostHeads gradients, ScoreTerms terms, float[][] scratch) {
        int shared = head / shape.group();
        int rows = queries.count();
        int keys = queries.keys();
        Extent perKey = new Extent(keys, shape.width(), rows);
        NativeRows block = scoresOf(head, queries);
        NativeRows slopes = gradients.scoresOf(head, queries);
        NativeRows contextGradient = gradients.contextOf(head, queries.from());
        block.read(rows, keys, scratch[1]);
        NativeRows used = block;
        if (dropout.active()) {
            System.arraycopy(scratch[1], 0, scratch[0], 0, rows * keys);
            drop(head, queries, scratch[0]);
            slopes.write(rows, keys, scratch[0]);
            used = slopes;
        }
        gradients.sharedOf(shared, 1, queries.firstKey()).multiply(ATB.accumulating(), perKey, used, contextGradient);
        slopes.multiply(
                ABT, new Extent(rows, keys, shape.width()), contextGradient, sharedOf(shared, 1, queries.firstKey()));
        slopes.read(rows, keys, scratch[0]);
        drop(head, queries, scratch[0]);
        HostSoftmax.backward(scratch, rows, keys, shape.scale());
        belowCap(head, queries, slopes, scratch);
        terms.collect(scratch[0], queries.from(), rows, queries.firstKey(), keys);
        slopes.write(rows, keys, scratch[0]);
        gradients
                .queryOf(head, queries.from())
                .multiply(AB, new Extent(rows, shape.width(), keys), slopes, sharedOf(shared, 0, queries.firstKey()));
        gradients
                .sharedOf(shared, 0, queries.firstKey())
                .multiply(ATB.accumulating(), perKey, slopes, queryOf(head, queries.from()));
    }

    /** Scratch 0 is multiplied with the slope of the cap at the scores, which are computed again. */
    private void belowCap(int head, Queries queries, NativeRows free, float[][] scratch) {
        if (shape.softCap() == 0) {
            return;
        }
        int rows = queries.count();
        int keys = queries.keys();
        NativeRows key = sharedOf(head / shape.group(), 0, queries.firstKey());
        free.multiply(ABT, new Extent(rows, keys, shape.width()), queryOf(head, queries.from()), key);
        free.read(rows, keys, scratch[2]);
        HostSoftmax.capped(scratch[2], rows * keys, shape);
        HostKernels.softCapGradient(scratch[2], scratch[0], shape.softCap(), rows * keys);
    }

    private void drop(int head, Queries queries, float[] block) {
        if (!dropout.active()) {
            return;
        }
        int keys = queries.keys();
        for (int r = 0; r < queries.count(); r++) {
            dropout.scale(
                    head / shape.heads(),
                    head % shape.heads(),
                    queries.from() + r,
                    queries.firstKey(),
                    block,
                    r * keys,
                    keys);
        }
    }

    private NativeRows contextOf(int head, int token) {
        int row = head / shape.heads() * shape.length() + token;
        return context.from(row, head % shape.heads() * shape.width());
    }

    private NativeRows queryOf(int head, int token) {
        int row = head / shape.heads() * shape.length() + token;
        return projections.from(row, shape.queries().of(head % shape.heads()));
    }

    /** A key (part 0) or a value (part 1). */
    private NativeRows sharedOf(int shared, int part, int token) {
        int row = shared / shape.keyValueHeads() * shape.length() + token;
        HeadShape.Columns columns = part == 0 ? shape.keys() : shape.values();
        return projections.from(row, columns.of(shared % shape.keyValueHeads()));
    }

    private NativeRows scoresOf(int head, Queries queries) {
        return scores.from(head * shape.length() + queries.from(), queries.firstKey());
    }

    /**
     * Queries that are worked off together, and the keys that any of them sees.
     *
     * @param from the first query
     * @param to the one after the last
     * @param tokens of the sequence
     */
    private record Queries(HeadShape shape, int from, int to, int tokens) {
        int count() {
            return to - from;
        }

        int firstKey() {
            return shape.reach().first(from);
        }

        int keys() {
            return shape.reach().end(to - 1, tokens) - firstKey();
        }

        /** Which of these keys a query sees. */
        HostSoftmax.Live live() {
            int firstKey = firstKey();
            return new HostSoftmax.Live(
                    r -> shape.reach().first(from + r) - firstKey,
                    r -> shape.reach().end(from + r, tokens) - firstKey);
        }
    }
}
