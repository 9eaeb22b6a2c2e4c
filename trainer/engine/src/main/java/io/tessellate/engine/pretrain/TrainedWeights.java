package io.tessellate.engine.pretrain;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.optimizer.Optimizer;
import io.tessellate.engine.optimizer.OptimizerKind;
import io.tessellate.engine.values.FloatBlocks;
import java.util.List;
import java.util.random.RandomGenerator;

/** Weights that are all trained, with their gradients and optimiser. */
final class TrainedWeights implements AutoCloseable {
    private static final double INITIAL_DEVIATION = 0.02;

    private final Weights weights;
    private final Gradients gradients;
    private final List<Optimizer> optimizers;
    private final FloatBlocks values;
    private final FloatBlocks gradient;

    TrainedWeights(Backend backend, ParameterLayout layout, RandomGenerator random) {
        this.weights = Weights.zeros(backend, layout);
        this.gradients = new Gradients(backend, TrainableTensors.all(layout));
        this.values = FloatBlocks.zeros(layout.segments().stream()
                .mapToInt(ParameterLayout.Segment::size)
                .toArray());
        this.gradient = values.zeros();
        this.optimizers = values.all().stream()
                .map(block -> OptimizerKind.ADAMW.create(block.length, PretrainingPlan.WEIGHT_DECAY))
                .toList();
        for (ParameterTensor tensor : layout.tensors()) {
            weights.put(tensor.name(), initial(tensor, random));
        }
        weights.vector().read(values);
    }

    /** Matrices normally distributed, gains one, everything else zero. */
    private static float[] initial(ParameterTensor tensor, RandomGenerator random) {
        float[] drawn = new float[tensor.size()];
        boolean gain = tensor.name().endsWith("LayerNorm.weight");
        for (int i = 0; i < drawn.length; i++) {
            if (tensor.shape().rank() == 2) {
                drawn[i] = (float) (INITIAL_DEVIATION * random.nextGaussian());
            } else if (gain) {
                drawn[i] = 1;
            }
        }
        return drawn;
    }

    Weights weights() {
        return weights;
    }

    Gradients gradients() {
        return gradients;
    }

    /** Moves the weights against their clipped gradients, and forgets these. */
    void step(double learningRate) {
        gradients.vector().read(gradient);
        gradients.zero();
        GradientNorm.clipInPlace(gradient, GradientNorm.of(gradient), PretrainingPlan.CLIP);
        for (int b = 0; b < optimizers.size(); b++) {
            optimizers.get(b).step(values.block(b), gradient.block(b), learningRate);
        }
        weights.vector().assign(values);
    }

    @Override
    public void close() {
        weights.close();
        gradients.close();
    }
}
