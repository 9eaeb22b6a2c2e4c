package io.tessellate.engine.optimizer;

import java.util.List;

/**
 * AdamW (Loshchilov and Hutter 2019, <a href="https://arxiv.org/abs/1711.05101">1711.05101</a>) with PyTorch's
 * constants and order: {@code w *= 1 - lr wd; w -= lr mHat / (sqrt(vHat) + 1e-8)}.
 */
final class AdamW implements Optimizer {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final float[] means;
    private final float[] squares;
    private final double weightDecay;
    private long steps;

    AdamW(int size, double weightDecay) {
        this.means = new float[size];
        this.squares = new float[size];
        this.weightDecay = weightDecay;
    }

    @Override
    public void step(float[] values, float[] gradient, double learningRate) {
        steps++;
        float rate = (float) (learningRate / (1 - Math.pow(0.9, steps)));
        float scale = (float) (1 / Math.sqrt(1 - Math.pow(0.999, steps)));
        float keep = (float) (1 - learningRate * weightDecay);
        Pieces.forEach(means.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float g = gradient[i];
                float m = BETA1 * means[i] + (1 - BETA1) * g;
                float v = BETA2 * squares[i] + (1 - BETA2) * g * g;
                means[i] = m;
                squares[i] = v;
                values[i] = values[i] * keep - rate * m / ((float) Math.sqrt(v) * scale + EPSILON);
            }
        });
    }

    @Override
    public List<float[]> state() {
        return List.of(means, squares);
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public void resumeAt(long steps) {
        this.steps = steps;
    }
}
