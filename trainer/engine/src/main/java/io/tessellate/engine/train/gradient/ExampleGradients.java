package io.tessellate.engine.train.gradient;

import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.train.entries.TrainedEntries;
import java.util.ArrayList;
import java.util.List;

/** Means over examples of the gradients of their own losses at some entries, with nothing dropped and nothing replayed. */
final class ExampleGradients implements AutoCloseable {
    private final TrainedEntries entries;
    private final Weights weights;
    private final Head head;
    private final List<int[]> batches;
    private final StepGradient source;
    private final Runnable pulse;

    /**
     * Gradients at the values that the weights have when they are asked for.
     *
     * @param source taken over, and closed with this object
     * @param pulse called between batches; may stop everything by throwing
     */
    ExampleGradients(
            StepGradient source, TrainedEntries entries, Weights weights, ExampleBatches examples, Runnable pulse) {
        this.source = source;
        this.entries = entries;
        this.weights = weights;
        this.head = examples.head();
        this.batches = examples.batches();
        this.pulse = pulse;
    }

    /** The mean of the gradients. */
    float[] mean() {
        return mean(false);
    }

    /** The mean of the gradients' squares, one example at a time. */
    float[] meanSquare() {
        return mean(true);
    }

    private float[] mean(boolean squares) {
        double[] sum = new double[entries.size()];
        float[] gradient = new float[entries.size() + head.values().length];
        long examples = 0;
        for (int[] batch : batches) {
            pulse.run();
            for (int[] members : squares ? alone(batch) : List.of(batch)) {
                source.compute(weights, head, members, Dropout.none());
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

    @Override
    public void close() {
        source.close();
    }
}
