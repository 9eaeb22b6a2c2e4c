package io.tessellate.engine.train;

import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.version.EarlierTask;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How much a step against the new task's gradient raises the earlier tasks' losses, to first order: {@code -g g_t}, g the
 * new task's mean gradient over its calibration and g_t an earlier task's over its replay memory, through its frozen head
 * and of length one over the entries, summed over the tasks.
 */
final class GradientConflict {
    private final RunContext run;
    private final Weights weights;
    private final TrainedEntries entries;

    /** Measured at the values of {@code weights}, which stay as they are. */
    GradientConflict(RunContext run, Weights weights, TrainedEntries entries) {
        this.run = run;
        this.weights = weights;
        this.entries = entries;
    }

    /**
     * One number per entry; positive where the step does harm.
     *
     * @param head what the new task's examples go through
     */
    float[] of(Head head) {
        float[] old = new float[entries.size()];
        for (EarlierTask task : run.job().earlier()) {
            addTo(old, remembered(task));
        }
        float[] harm = mean(run.calibrationLesson(head), run.calibrationBatches());
        for (int n = 0; n < harm.length; n++) {
            harm[n] *= -old[n];
        }
        return harm;
    }

    private float[] remembered(EarlierTask task) {
        ExampleGradients.Lesson lesson = run.memoryLesson(task);
        int count = lesson.examples().size();
        int batch = run.recipe().batchSize();
        List<int[]> batches = IntStream.iterate(0, from -> from < count, from -> from + batch)
                .mapToObj(from ->
                        IntStream.range(from, Math.min(count, from + batch)).toArray())
                .toList();
        return mean(lesson, batches);
    }

    private float[] mean(ExampleGradients.Lesson lesson, List<int[]> batches) {
        try (ExampleGradients source = new ExampleGradients(run, entries, weights, lesson, batches)) {
            return source.mean();
        }
    }

    private static void addTo(float[] sum, float[] gradient) {
        double length = GradientNorm.of(gradient);
        for (int n = 0; n < sum.length && length > 0; n++) {
            sum[n] += (float) (gradient[n] / length);
        }
    }
}
