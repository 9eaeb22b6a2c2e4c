package io.tessellate.engine.train;

import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.Weights;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How much each entry matters to the tasks that were learnt before, by their replay memories and through their frozen
 * heads. Every earlier task counts the same, however large its gradients are.
 */
final class Interference {
    /** Most examples that are looked at of one task. */
    private static final int EXAMPLES = 256;

    private final RunContext run;
    private final Weights weights;
    private final TrainedEntries entries;

    /** Measured at the values of {@code weights}, which stay as they are. */
    Interference(RunContext run, Weights weights, TrainedEntries entries) {
        this.run = run;
        this.weights = weights;
        this.entries = entries;
    }

    /**
     * The empirical Fisher information of the union model: for each task the mean over examples of the square of each one's
     * own gradient, divided by its sum over the entries; summed over the tasks.
     */
    float[] fisher() {
        float[] sum = new float[entries.size()];
        for (EarlierTask task : run.job().earlier()) {
            float[] squares = with(task, ExampleGradients::meanSquare);
            add(sum, squares, sum(squares));
        }
        return sum;
    }

    /**
     * How much a step against the new task's gradient raises the earlier tasks' losses, to first order: {@code -g g_t},
     * g the new task's mean gradient over its calibration and g_t an earlier task's, of length one, summed over the tasks.
     *
     * @param head what the new task's examples go through
     */
    float[] conflict(Head head) {
        float[] old = new float[entries.size()];
        for (EarlierTask task : run.job().earlier()) {
            float[] gradient = with(task, ExampleGradients::mean);
            add(old, gradient, norm(gradient));
        }
        try (ExampleGradients source =
                new ExampleGradients(run, entries, weights, run.calibrationLesson(head), run.calibrationBatches())) {
            float[] own = source.mean();
            for (int n = 0; n < own.length; n++) {
                own[n] *= -old[n];
            }
            return own;
        }
    }

    private float[] with(EarlierTask task, Gradients gradients) {
        ExampleGradients.Lesson lesson = run.memoryLesson(task);
        int count = Math.min(EXAMPLES, lesson.examples().size());
        int batch = run.recipe().batchSize();
        List<int[]> batches = IntStream.iterate(0, from -> from < count, from -> from + batch)
                .mapToObj(from ->
                        IntStream.range(from, Math.min(count, from + batch)).toArray())
                .toList();
        try (ExampleGradients source = new ExampleGradients(run, entries, weights, lesson, batches)) {
            return gradients.of(source);
        }
    }

    private interface Gradients {
        float[] of(ExampleGradients source);
    }

    private static void add(float[] sum, float[] part, double size) {
        for (int n = 0; n < sum.length && size > 0; n++) {
            sum[n] += (float) (part[n] / size);
        }
    }

    private static double sum(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(n -> values[n]).sum();
    }

    private static double norm(float[] values) {
        return Math.sqrt(IntStream.range(0, values.length)
                .mapToDouble(n -> (double) values[n] * values[n])
                .sum());
    }
}
