package io.tessellate.engine.train.gradient;

import io.tessellate.engine.method.Salience;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.SynapticFlow;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.train.entries.TrainedEntries;
import java.util.stream.DoubleStream;
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
    float[] of(Salience salience) {
        float[] values = new float[entries.size()];
        entries.read(weights.vector(), values);
        try (ExampleGradients source = gradients.of(gradients.calibration(head), entries, weights)) {
            float[] gradient = salience.looksAtData() ? source.mean() : new float[values.length];
            float[] further = switch (salience.further()) {
                case NOTHING -> gradient;
                case SQUARES -> source.meanSquare();
                case HESSIAN_GRADIENT -> hessianGradient(source, values, gradient);
                case FLOW -> flow();
            };
            float[] scores = new float[values.length];
            for (int n = 0; n < scores.length; n++) {
                scores[n] = salience.score(values[n], gradient[n], further[n]);
            }
            return scores;
        }
    }

    private float[] flow() {
        SynapticFlow flow = SynapticFlow.of(gradients.learnt().version().config(), weights);
        double[] through = IntStream.range(0, entries.size())
                .mapToDouble(n -> flow.at(entries.position(n)))
                .toArray();
        double largest = DoubleStream.of(through).max().orElse(1);
        float[] relative = new float[through.length];
        for (int n = 0; n < relative.length; n++) {
            relative[n] = largest == 0 ? 0 : (float) (through[n] / largest);
        }
        return relative;
    }

    /** H g by the difference of two gradients: (g(w + e g) - g(w)) / e. */
    private float[] hessianGradient(ExampleGradients source, float[] values, float[] gradient) {
        double length = norm(gradient);
        if (length == 0) {
            return new float[values.length];
        }
        double step = PROBE * norm(values) / length;
        float[] moved = new float[values.length];
        for (int n = 0; n < moved.length; n++) {
            moved[n] = (float) (values[n] + step * gradient[n]);
        }
        entries.assign(moved, weights.vector());
        try {
            float[] there = source.mean();
            for (int n = 0; n < there.length; n++) {
                there[n] = (float) ((there[n] - gradient[n]) / step);
            }
            return there;
        } finally {
            entries.assign(values, weights.vector());
        }
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}
