package io.tessellate.engine.model.head;

import java.util.Arrays;

/** Where backward passes add up the gradients of a {@link Head}, in the order of its values; or nowhere. */
public final class HeadGradients {
    private final int labels;
    private final int features;
    private final float[] values;

    private HeadGradients(int labels, int features, float[] values) {
        this.labels = labels;
        this.features = features;
        this.values = values;
    }

    /** Zero gradients for a head. */
    public static HeadGradients of(Head head) {
        return new HeadGradients(head.labels(), head.features(), new float[head.values().length]);
    }

    /** Takes no gradient: the head stays as it is. */
    public static HeadGradients none() {
        return new HeadGradients(0, 0, new float[0]);
    }

    /** The live sums, weights then biases. */
    public float[] values() {
        return values;
    }

    /** Forgets everything added so far. */
    public void zero() {
        Arrays.fill(values, 0f);
    }

    void add(int label, float gradient, float[] x, int from) {
        if (labels == 0) {
            return;
        }
        for (int f = 0; f < features; f++) {
            values[label * features + f] += gradient * x[from + f];
        }
        values[labels * features + label] += gradient;
    }
}
