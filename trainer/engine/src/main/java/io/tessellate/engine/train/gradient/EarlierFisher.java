package io.tessellate.engine.train.gradient;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.Learner;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.replay.Replay;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.LearntTasks;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How much the earlier tasks need each weight to stay: the diagonal of the empirical Fisher information, summed over them.
 * A task's is the mean over its replay memory of the squared gradient of one example's loss,
 * {@code F_i = sum over tasks t of mean over x in memory(t) of (dL_t(x)/dw_i)^2},
 * taken at the parent's union view through the task's own frozen head, with nothing dropped. It follows from the parent
 * version and the memories alone, so a run that goes on computes the same again.
 */
public final class EarlierFisher {
    private final LearntTasks learnt;
    private final double examinedShare;
    private final ModelPasses passes;
    private final Backend backend;
    private final Runnable pulse;

    /**
     * The information of earlier tasks.
     *
     * @param examinedShare share of each train split that is looked at
     * @param pulse called between examples; may stop everything by throwing
     */
    EarlierFisher(LearntTasks learnt, double examinedShare, ModelPasses passes, Backend backend, Runnable pulse) {
        this.learnt = learnt;
        this.examinedShare = examinedShare;
        this.passes = passes;
        this.backend = backend;
        this.pulse = pulse;
    }

    /** One value per entry, in the entries' order; all 0 without an earlier task. */
    public FloatBlocks of(TrainedEntries entries) {
        return of(entries, task -> 1);
    }

    /** The same with each task's information divided by its sum over the entries, so that every task counts the same. */
    public FloatBlocks relative(TrainedEntries entries) {
        return of(entries, information -> {
            double sum =
                    Arrays.stream(information).flatMapToDouble(DoubleStream::of).sum();
            return sum == 0 ? 0 : 1 / sum;
        });
    }

    private FloatBlocks of(TrainedEntries entries, ToDoubleFunction<double[][]> factor) {
        double[][] sum = zeros(entries);
        Weights union = learnt.version().views().union();
        try (Gradients gradients = entries.gradients(backend)) {
            for (EarlierTask task : learnt.remembered()) {
                double[][] information = zeros(entries);
                add(task, union, entries, gradients, information);
                double times = factor.applyAsDouble(information);
                for (int b = 0; b < sum.length; b++) {
                    for (int n = 0; n < sum[b].length; n++) {
                        sum[b][n] += times * information[b][n];
                    }
                }
            }
        }
        return FloatBlocks.of(Arrays.stream(sum).map(EarlierFisher::rounded).toList());
    }

    private static double[][] zeros(TrainedEntries entries) {
        return IntStream.of(entries.blocks()).mapToObj(double[]::new).toArray(double[][]::new);
    }

    private static float[] rounded(double[] sum) {
        float[] rounded = new float[sum.length];
        for (int n = 0; n < sum.length; n++) {
            rounded[n] = (float) sum[n];
        }
        return rounded;
    }

    private void add(EarlierTask task, Weights union, TrainedEntries entries, Gradients gradients, double[][] sum) {
        Learner learner = task.objective().learner(passes);
        List<EncodedExample> memory = Replay.memory(task, examinedShare);
        FloatBlocks gradient = FloatBlocks.zeros(entries.blocks());
        for (EncodedExample example : memory) {
            pulse.run();
            gradients.zero();
            Learner.Sums sums = new Learner.Sums(gradients, HeadGradients.none());
            learner.backward(union, task.head(), Learner.Part.whole(List.of(example)), sums);
            entries.read(gradients.vector(), gradient);
            for (int b = 0; b < sum.length; b++) {
                addSquares(sum[b], gradient.block(b), memory.size());
            }
        }
    }

    private static void addSquares(double[] sum, float[] gradient, int examples) {
        for (int n = 0; n < sum.length; n++) {
            sum[n] += (double) gradient[n] * gradient[n] / examples;
        }
    }
}
