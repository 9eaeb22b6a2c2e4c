package io.tessellate.engine.train.gradient;

import io.tessellate.engine.forecast.EarlierConflict;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.engine.version.EarlierTask;
import java.util.ArrayList;
import java.util.List;

/**
 * How the mean gradient of a new task's examples lies to those of earlier tasks' examples, each through its own head and at the same
 * values: the cosine that methods against interference look at (Lopez-Paz and Ranzato 2017, whose GEM projects where it is below 0).
 */
final class GradientAngles {
    private final GradientSources gradients;
    private final Weights weights;
    private final TrainedEntries entries;

    /** Measured at the values of {@code weights}, which stay as they are. */
    GradientAngles(GradientSources gradients, Weights weights, TrainedEntries entries) {
        this.gradients = gradients;
        this.weights = weights;
        this.entries = entries;
    }

    /** One for each task that is looked back at. */
    List<EarlierConflict> of(Head head) {
        FloatBlocks own = mean(gradients.train(head));
        double length = GradientNorm.of(own);
        List<EarlierConflict> all = new ArrayList<>();
        for (EarlierTask task : gradients.learnt().remembered()) {
            ExampleBatches examined = gradients.examined(task);
            FloatBlocks earlier = mean(examined);
            double earlierLength = GradientNorm.of(earlier);
            all.add(new EarlierConflict(
                    task.task(),
                    examined.examples().size(),
                    dot(own, earlier) / (length * earlierLength),
                    earlierLength));
        }
        return all;
    }

    private static double dot(FloatBlocks one, FloatBlocks other) {
        double sum = 0;
        for (int b = 0; b < one.count(); b++) {
            float[] left = one.block(b);
            float[] right = other.block(b);
            for (int n = 0; n < left.length; n++) {
                sum += (double) left[n] * right[n];
            }
        }
        return sum;
    }

    private FloatBlocks mean(ExampleBatches examples) {
        try (ExampleGradients source = gradients.of(examples, entries, weights)) {
            return source.mean();
        }
    }
}
