package io.tessellate.engine.train.gradient;

import io.tessellate.engine.method.Salience;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.SynapticFlow;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.values.FloatBlocks;
import java.util.stream.IntStream;

/**
 * Scores entries by a salience metric at the values they have, with nothing replayed. A batch counts as one step, as in a
 * calibration that trains; but no progress is reported and nothing kept on the way: a scoring that is stopped begins anew.
 */
final class SalienceScores {
    /** Length of the step along the gradient that the Hessian is seen by, relative to the weights' own length. */
    private static final double PROBE = 1e-3;

    private final GradientSources gradients;
    private final Weights weights;
    private final TrainedEntries entries;
    private final Head head;

    /**
     * Scores at the values of {@code weights}, which are as before afterwards.
     *
     * @param entries what is scored
     * @param head what the examples go through
     */
    SalienceScores(GradientSources gradients, Weights weights, TrainedEntries entries, Head head) {
        this.gradients = gradients;
        this.weights = weights;
        this.entries = entries;
        this.head = head;
    }

    /** One score per entry, in the entries' order. */
    FloatBlocks of(Salience salience) {
        FloatBlocks values = entries.read(weights.vector());
        if (!salience.looksAtData()) {
            // No gradient is taken, and no memory for one.
            FloatBlocks none = values.zeros();
            return scores(salience, values, none, salience.further() == Salience.Further.FLOW ? flow() : none);
        }
        try (ExampleGradients source = gradients.of(gradients.calibration(head), entries, weights)) {
            FloatBlocks gradient = source.mean();
            FloatBlocks further = switch (salience.further()) {
                case NOTHING -> gradient;
                case SQUARES -> source.meanSquare();
                case HESSIAN_GRADIENT -> hessianGradient(source, values, gradient);
                case FLOW -> flow();
            };
            return scores(salience, values, gradient, further);
        }
    }

    private static FloatBlocks scores(
            Salience salience, FloatBlocks values, FloatBlocks gradient, FloatBlocks further) {
        FloatBlocks scores = values.zeros();
        for (int b = 0; b < scores.count(); b++) {
            float[] block = scores.block(b);
            for (int n = 0; n < block.length; n++) {
                block[n] = salience.score(values.block(b)[n], gradient.block(b)[n], further.block(b)[n]);
            }
        }
        return scores;
    }

    private FloatBlocks flow() {
        SynapticFlow flow = SynapticFlow.of(gradients.learnt().version().config(), weights);
        double largest = largest(flow);
        FloatBlocks relative = FloatBlocks.zeros(entries.blocks());
        for (int b = 0; b < relative.count(); b++) {
            float[] block = relative.block(b);
            for (int n = 0; n < block.length; n++) {
                block[n] = largest == 0 ? 0 : (float) (flow.at(entries.place(b, n)) / largest);
            }
        }
        return relative;
    }

    private double largest(SynapticFlow flow) {
        int[] counts = entries.blocks();
        return IntStream.range(0, counts.length)
                .boxed()
                .flatMapToDouble(b -> IntStream.range(0, counts[b]).mapToDouble(n -> flow.at(entries.place(b, n))))
                .max()
                .orElse(1);
    }

    /** H g by the difference of two gradients: (g(w + e g) - g(w)) / e. */
    private FloatBlocks hessianGradient(ExampleGradients source, FloatBlocks values, FloatBlocks gradient) {
        double length = GradientNorm.of(gradient);
        if (length == 0) {
            return values.zeros();
        }
        double step = PROBE * GradientNorm.of(values) / length;
        FloatBlocks moved = values.zeros();
        for (int b = 0; b < moved.count(); b++) {
            float[] block = moved.block(b);
            for (int n = 0; n < block.length; n++) {
                block[n] = (float) (values.block(b)[n] + step * gradient.block(b)[n]);
            }
        }
        entries.assign(moved, weights.vector());
        try {
            FloatBlocks there = source.mean();
            for (int b = 0; b < there.count(); b++) {
                float[] block = there.block(b);
                for (int n = 0; n < block.length; n++) {
                    block[n] = (float) ((block[n] - gradient.block(b)[n]) / step);
                }
            }
            return there;
        } finally {
            entries.assign(values, weights.vector());
        }
    }
}
