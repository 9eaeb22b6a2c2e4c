package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Reach;
import java.util.Arrays;

/** What is added to scores so that the softmax gives nothing to keys out of reach. */
final class ReachMask {
    /** Leaves nothing after the exponential, and stays finite where it is all there is. */
    private static final float EXCLUDED = -1e30f;

    private ReachMask() {}

    /** For any queries and keys, [length, length]; what a shorter sequence needs is its corner. To be closed by the caller. */
    static Tensor of(Reach reach, int length, TorchDevice device) {
        float[] mask = new float[length * length];
        Arrays.fill(mask, EXCLUDED);
        for (int query = 0; query < length; query++) {
            Arrays.fill(mask, query * length + reach.first(query), query * length + reach.end(query, length), 0);
        }
        return Tensor.upload(device, mask, length, length);
    }

    /** Adds it to scores of padded sequences, [batch, heads, length, length]. */
    static void add(KernelWorkspace work, Tensor scores, HeadShape shape, int[] lengths) {
        if (Arrays.stream(lengths).anyMatch(length -> length < shape.length())) {
            Operators.addProduct(scores, 1, between(work, shape, new int[lengths.length], lengths), work.one());
        }
        if (!shape.reach().equals(Reach.ALL)) {
            Operators.addProduct(scores, 1, work.unseen(shape.reach(), shape.length()), work.one());
        }
    }

    /** The same for the last query of each sequence alone, [batch, heads, 1, length]. */
    static void addOfLast(KernelWorkspace work, Tensor scores, HeadShape shape, int[] lengths) {
        int[] first = Arrays.stream(lengths)
                .map(length -> shape.reach().first(length - 1))
                .toArray();
        Operators.addProduct(scores, 1, between(work, shape, first, lengths), work.one());
    }

    /** Leaves the keys of each sequence from one on up to another, [batch, 1, 1, length]. */
    private static Tensor between(KernelWorkspace work, HeadShape shape, int[] first, int[] end) {
        float[] mask = new float[shape.tokens()];
        Arrays.fill(mask, EXCLUDED);
        for (int b = 0; b < shape.batch(); b++) {
            Arrays.fill(mask, b * shape.length() + first[b], b * shape.length() + end[b], 0);
        }
        return work.upload(mask, shape.batch(), 1, 1, shape.length());
    }
}
