package io.tessellate.engine.train.gradient;

import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.values.FloatBlocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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
    FloatBlocks mean() {
        return mean(false);
    }

    /** The mean of the gradients' squares, one example at a time. */
    FloatBlocks meanSquare() {
        return mean(true);
    }

    private FloatBlocks mean(boolean squares) {
        double[][] sum = IntStream.of(entries.blocks()).mapToObj(double[]::new).toArray(double[][]::new);
        FloatBlocks gradient = FloatBlocks.zeros(entries.blocks()).then(List.of(new float[head.values().length]));
        long examples = 0;
        for (int[] batch : batches) {
            pulse.run();
            for (int[] members : squares ? alone(batch) : List.of(batch)) {
                source.compute(weights, head, members, Dropout.none());
                source.read(entries, gradient);
                for (int b = 0; b < sum.length; b++) {
                    add(sum[b], gradient.block(b), members.length, squares);
                }
                examples += members.length;
            }
        }
        long count = examples;
        return FloatBlocks.of(
                Arrays.stream(sum).map(block -> divide(block, count)).toList());
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
