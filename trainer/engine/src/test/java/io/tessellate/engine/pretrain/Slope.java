package io.tessellate.engine.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.model.weights.ParameterVector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Compares a gradient with the difference quotient of the loss in the gradient's own direction. */
final class Slope {
    private static final float STEP = 2e-3f;

    private final List<TrainedWeights> trained;
    private DoubleSupplier loss = () -> Double.NaN;

    Slope(List<TrainedWeights> trained) {
        this.trained = trained;
    }

    /** Computes the loss and adds up the gradients. */
    void loss(DoubleSupplier supplier) {
        this.loss = supplier;
    }

    void check() {
        loss.getAsDouble();
        List<float[]> direction = new ArrayList<>();
        double square = 0;
        for (TrainedWeights one : trained) {
            float[] gradient =
                    one.gradients().vector().toArray(0, one.gradients().vector().size());
            direction.add(gradient);
            for (float g : gradient) {
                square += (double) g * g;
            }
        }
        double norm = Math.sqrt(square);
        move(direction, STEP / norm);
        double above = loss.getAsDouble();
        move(direction, -2 * STEP / norm);
        double below = loss.getAsDouble();
        assertThat((above - below) / (2 * STEP)).isCloseTo(norm, within(0.01 * norm));
    }

    private void move(List<float[]> direction, double factor) {
        for (int t = 0; t < trained.size(); t++) {
            ParameterVector weights = trained.get(t).weights().vector();
            float[] values = weights.toArray(0, weights.size());
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) (factor * direction.get(t)[i]);
            }
            weights.put(0, values, 0, values.length);
        }
    }
}
