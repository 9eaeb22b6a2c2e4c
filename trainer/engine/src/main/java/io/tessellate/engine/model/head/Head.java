package io.tessellate.engine.model.head;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A task's own dense layer from the encoder's {@link Features} to its labels: logits = weight features + bias.
 */
public final class Head {
    private static final double INITIAL_DEVIATION = 0.02;

    private final int labels;
    private final int features;
    /** [labels x features] weights, then one bias per label. */
    private final float[] values;

    private Head(int labels, int features, float[] values) {
        if (labels < 1 || features < 1 || values.length != labels * (features + 1)) {
            throw new IllegalArgumentException("a head of %d labels and %d features cannot have %d values"
                    .formatted(labels, features, values.length));
        }
        this.labels = labels;
        this.features = features;
        this.values = values;
    }

    /** No head: the task is trained through the model's own. */
    public static Head none() {
        return new Head();
    }

    private Head() {
        this.labels = 0;
        this.features = 0;
        this.values = new float[0];
    }

    /** A fresh head: weights normally distributed with deviation 0.02, biases zero. */
    public static Head initial(int labels, int features, RandomGenerator random) {
        float[] values = new float[labels * (features + 1)];
        for (int i = 0; i < labels * features; i++) {
            values[i] = (float) (INITIAL_DEVIATION * random.nextGaussian());
        }
        return new Head(labels, features, values);
    }

    /** A head of these weights, [labels x features] row-major, and biases; both are copied. */
    public static Head of(float[] weight, float[] bias) {
        float[] values = Arrays.copyOf(weight, weight.length + bias.length);
        System.arraycopy(bias, 0, values, weight.length, bias.length);
        return new Head(bias.length, weight.length / bias.length, values);
    }

    /** Number of labels; 1 for a regression. */
    public int labels() {
        return labels;
    }

    /** Number of features. */
    public int features() {
        return features;
    }

    /** A copy of the weights, [labels x features] row-major. */
    public float[] weight() {
        return Arrays.copyOf(values, labels * features);
    }

    /** A copy of the biases. */
    public float[] bias() {
        return Arrays.copyOfRange(values, labels * features, values.length);
    }

    /** The live values, weights then biases, for an optimiser to move. */
    public float[] values() {
        return values;
    }

    /** [examples x labels] from [examples x features]. Each example's logits depend on its own features alone. */
    public float[] logits(float[] x) {
        int examples = x.length / features;
        float[] logits = new float[examples * labels];
        for (int e = 0; e < examples; e++) {
            for (int c = 0; c < labels; c++) {
                double sum = values[labels * features + c];
                for (int f = 0; f < features; f++) {
                    sum += (double) values[c * features + f] * x[e * features + f];
                }
                logits[e * labels + c] = (float) sum;
            }
        }
        return logits;
    }

    /** Adds the head's own gradients and returns those of the features. */
    float[] backward(float[] x, float[] logitGradient, HeadGradients gradients) {
        float[] dx = new float[x.length];
        int examples = x.length / features;
        for (int e = 0; e < examples; e++) {
            for (int c = 0; c < labels; c++) {
                float g = logitGradient[e * labels + c];
                for (int f = 0; f < features; f++) {
                    dx[e * features + f] += g * values[c * features + f];
                }
                gradients.add(c, g, x, e * features);
            }
        }
        return dx;
    }
}
