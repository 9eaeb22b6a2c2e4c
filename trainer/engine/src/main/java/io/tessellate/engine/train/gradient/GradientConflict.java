package io.tessellate.engine.train.gradient;

import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.engine.version.EarlierTask;

/**
 * How much a step against the new task's gradient raises the earlier tasks' losses, to first order: {@code -g g_t}, g the
 * new task's mean gradient over its calibration and g_t an earlier task's over its examples that are looked at, through its frozen head
 * and of length one over the entries, summed over the tasks.
 */
final class GradientConflict {
    private final GradientSources gradients;
    private final Weights weights;
    private final TrainedEntries entries;

    /** Measured at the values of {@code weights}, which stay as they are. */
    GradientConflict(GradientSources gradients, Weights weights, TrainedEntries entries) {
        this.gradients = gradients;
        this.weights = weights;
        this.entries = entries;
    }

    /**
     * One number per entry; positive where the step does harm.
     *
     * @param head what the new task's examples go through
     */
    FloatBlocks of(Head head) {
        FloatBlocks old = FloatBlocks.zeros(entries.blocks());
        for (EarlierTask task : gradients.learnt().remembered()) {
            addTo(old, mean(gradients.examined(task)));
        }
        FloatBlocks harm = mean(gradients.calibration(head));
        for (int b = 0; b < harm.count(); b++) {
            float[] block = harm.block(b);
            for (int n = 0; n < block.length; n++) {
                block[n] *= -old.block(b)[n];
            }
        }
        return harm;
    }

    private FloatBlocks mean(ExampleBatches examples) {
        try (ExampleGradients source = gradients.of(examples, entries, weights)) {
            return source.mean();
        }
    }

    private static void addTo(FloatBlocks sum, FloatBlocks gradient) {
        double length = GradientNorm.of(gradient);
        for (int b = 0; b < sum.count(); b++) {
            float[] block = sum.block(b);
            for (int n = 0; n < block.length && length > 0; n++) {
                block[n] += (float) (gradient.block(b)[n] / length);
            }
        }
    }
}
