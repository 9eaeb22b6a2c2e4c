package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Reach;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What is added to raw scores so that the exponential of a key out of reach is exactly 0. */
final class Nd4jReach {
    private static final float EXCLUDED = -1e30f;

    private Nd4jReach() {}

    /**
     * An array to be added to [batch, heads, length, length] scores. In causal attention a real query sees nothing of the
     * padding behind it, so that the lengths do not matter.
     */
    static INDArray mask(HeadShape shape, int[] lengths) {
        if (shape.reach().causal()) {
            return unseen(shape);
        }
        return shape.reach().window() == 0 ? padding(shape, lengths) : both(shape, lengths);
    }

    private static INDArray both(HeadShape shape, int[] lengths) {
        try (INDArray unseen = unseen(shape);
                INDArray padding = padding(shape, lengths)) {
            return padding.add(unseen);
        }
    }

    private static INDArray padding(HeadShape shape, int[] lengths) {
        float[] mask = new float[shape.batch() * shape.length()];
        for (int b = 0; b < shape.batch(); b++) {
            for (int s = lengths[b]; s < shape.length(); s++) {
                mask[b * shape.length() + s] = EXCLUDED;
            }
        }
        return Nd4j.create(mask, new long[] {shape.batch(), 1, 1, shape.length()}, 'c');
    }

    private static INDArray unseen(HeadShape shape) {
        int n = shape.length();
        Reach reach = shape.reach();
        float[] mask = new float[n * n];
        for (int query = 0; query < n; query++) {
            for (int key = 0; key < n; key++) {
                boolean seen = key >= reach.first(query) && key < reach.end(query, n);
                mask[query * n + key] = seen ? 0 : EXCLUDED;
            }
        }
        return Nd4j.create(mask, new long[] {1, 1, n, n}, 'c');
    }

    /** An array to be added to [batch, heads, 1, most tokens] scores of the last of so many tokens. */
    static INDArray last(HeadShape shape, int[] lengths) {
        float[] mask = new float[shape.batch() * shape.length()];
        for (int b = 0; b < shape.batch(); b++) {
            int first = shape.reach().first(lengths[b] - 1);
            for (int s = 0; s < shape.length(); s++) {
                mask[b * shape.length() + s] = s >= first && s < lengths[b] ? 0 : EXCLUDED;
            }
        }
        return Nd4j.create(mask, new long[] {shape.batch(), 1, 1, shape.length()}, 'c');
    }
}
