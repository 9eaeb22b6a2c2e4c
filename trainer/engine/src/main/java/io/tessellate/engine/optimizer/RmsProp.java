package io.tessellate.engine.optimizer;

import java.util.List;

/**
 * RMSProp as the LoTA code uses it (PyTorch's): {@code v = 0.99 v + 0.01 g^2; w -= lr g / (sqrt(v) + 1e-8)}, with v
 * starting at 0, no momentum, not centred. Weight decay is decoupled.
 */
final class RmsProp implements Optimizer {
    private static final float ALPHA = 0.99f;
    private static final float EPSILON = 1e-8f;

    private final float[] squares;
    private final double weightDecay;
    private long steps;

    RmsProp(int size, double weightDecay) {
        this.squares = new float[size];
        this.weightDecay = weightDecay;
    }

    @Override
    public void step(float[] values, float[] gradient, double learningRate) {
        float rate = (float) learningRate;
        float keep = (float) (1 - learningRate * weightDecay);
        Pieces.forEach(squares.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                float g = gradient[i];
                float v = ALPHA * squares[i] + (1 - ALPHA) * g * g;
                squares[i] = v;
                values[i] = values[i] * keep - rate * g / ((float) Math.sqrt(v) + EPSILON);
            }
        });
        steps++;
    }

    @Override
    public List<float[]> state() {
        return List.of(squares);
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
