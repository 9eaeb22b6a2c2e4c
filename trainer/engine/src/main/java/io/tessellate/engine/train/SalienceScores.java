package io.tessellate.engine.train;

import io.tessellate.engine.method.Salience;
import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * Scores entries by a salience metric at the parent's values, with the head as it is before training and nothing replayed.
 * A batch counts as one step, as in a calibration that trains; but no progress is reported and nothing kept on the way:
 * a scoring that is stopped begins anew.
 */
final class SalienceScores {
    /** Length of the step along the gradient that the Hessian is seen by, relative to the weights' own length. */
    private static final double PROBE = 1e-3;

    private final RunContext run;
    private final Weights weights;
    private final TrainedEntries entries;
    private final Head head;
    private final List<int[]> batches;
    private final long steps;

    /**
     * Scores at the values of {@code weights}, which are as before afterwards.
     *
     * @param entries what is scored
     */
    SalienceScores(RunContext run, Weights weights, TrainedEntries entries) {
        this.run = run;
        this.weights = weights;
        this.entries = entries;
        this.head = run.initialHead();
        this.steps = run.calibrationSteps();
        this.batches = batches(run, Math.max(1, steps));
    }

    private static List<int[]> batches(RunContext run, long count) {
        BatchOrder order = run.order(Phase.CALIBRATE);
        List<int[]> batches = new ArrayList<>();
        while (batches.size() < count) {
            batches.addAll(order.from(batches.size(), count));
        }
        return batches;
    }

    /** Steps that scoring comes to. */
    long steps() {
        return steps;
    }

    /** One score per entry, in the entries' order. */
    float[] of(Salience salience) {
        float[] values = new float[entries.size()];
        entries.read(weights.vector(), values);
        try (StepGradient source = run.stepGradient(entries, head)) {
            float[] gradient = salience.blind() ? new float[values.length] : mean(source, false);
            float[] further = switch (salience.further()) {
                case NOTHING -> gradient;
                case SQUARES -> mean(source, true);
                case HESSIAN_GRADIENT -> hessianGradient(source, values, gradient);
            };
            float[] scores = new float[values.length];
            for (int n = 0; n < scores.length; n++) {
                scores[n] = salience.score(values[n], gradient[n], further[n]);
            }
            return scores;
        }
    }

    /** The mean over all examples of their gradients, or of the squares of their gradients. */
    private float[] mean(StepGradient source, boolean squares) {
        double[] sum = new double[entries.size()];
        float[] gradient = new float[entries.size() + head.values().length];
        long examples = 0;
        for (int[] batch : batches) {
            run.stopIfAsked();
            for (int[] members : squares ? alone(batch) : List.of(batch)) {
                source.compute(weights, head, members, List.of());
                source.read(entries, gradient);
                add(sum, gradient, members.length, squares);
                examples += members.length;
            }
        }
        return divide(sum, examples);
    }

    private static List<int[]> alone(int[] batch) {
        List<int[]> singles = new ArrayList<>();
        for (int member : batch) {
            singles.add(new int[] {member});
        }
        return singles;
    }

    private static void add(double[] sum, float[] gradient, int weight, boolean squares) {
        for (int n = 0; n < sum.length; n++) {
            double value = gradient[n];
            sum[n] += weight * (squares ? value * value : value);
        }
    }

    private static float[] divide(double[] sum, long by) {
        float[] mean = new float[sum.length];
        for (int n = 0; n < mean.length; n++) {
            mean[n] = (float) (sum[n] / by);
        }
        return mean;
    }

    /** H g by the difference of two gradients: (g(w + e g) - g(w)) / e. */
    private float[] hessianGradient(StepGradient source, float[] values, float[] gradient) {
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
            float[] there = mean(source, false);
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
