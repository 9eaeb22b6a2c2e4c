package io.tessellate.pipeline.demo;

import io.tessellate.dataset.Split;
import io.tessellate.event.Objective;
import io.tessellate.event.Recipe;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.ModelName;
import io.tessellate.pipeline.demo.data.DemoExample;
import io.tessellate.pipeline.demo.data.DemoTask;
import io.tessellate.pipeline.demo.data.DemoTasks;
import io.tessellate.pipeline.push.LocalDataset;
import java.util.ArrayList;
import java.util.List;

/**
 * What the demo trains: a stream of tasks, once with masks and replay, once by sequential full fine-tuning. Each task races for
 * its learning rate.
 *
 * @param trainExamples of each task
 * @param evalExamples of each task
 * @param seed of data and training
 */
public record DemoPlan(int trainExamples, int evalExamples, long seed) {
    /** The model whose tasks own disjoint weights. */
    public static final ModelName MODEL = new ModelName("demo");

    /** The same base, every task free to overwrite the others. */
    public static final ModelName BASELINE = new ModelName("demo-baseline");

    /** The size that shows everything within a few minutes on two cores. */
    public static final DemoPlan USUAL = new DemoPlan(1000, 300, 7);

    private static final double NO_REPLAY = 0;

    private static final double MASK_EPOCHS = 5;
    private static final double FULL_EPOCHS = 3;
    private static final int BATCH = 32;

    List<DemoTask> tasks() {
        return new DemoTasks(trainExamples, evalExamples).tasks(seed);
    }

    LocalDataset masked(DemoTask task) {
        return dataset(
                MODEL,
                task,
                Recipe.newBuilder()
                        .setMethod("lotto")
                        .setEpochs(MASK_EPOCHS)
                        .setBatchSize(BATCH)
                        .setSeed(seed)
                        .build());
    }

    LocalDataset full(DemoTask task) {
        return dataset(
                BASELINE,
                task,
                Recipe.newBuilder()
                        .setMethod("full")
                        .setEpochs(FULL_EPOCHS)
                        .setBatchSize(BATCH)
                        .setReplayShare(NO_REPLAY)
                        .setSeed(seed)
                        .build());
    }

    private static LocalDataset dataset(ModelName model, DemoTask task, Recipe recipe) {
        TaskManifest manifest = TaskManifest.newBuilder()
                .setModel(model.value())
                .setTask(task.name().value())
                .setObjective(Objective.CLASSIFICATION)
                .setLabels(task.labels())
                .setMetric("accuracy")
                .setRecipe(recipe)
                .build();
        List<TaskExample> records = new ArrayList<>();
        add(records, task.train(), Split.TRAIN);
        add(records, task.eval(), Split.EVAL);
        return LocalDataset.of(manifest, records);
    }

    private static void add(List<TaskExample> records, List<DemoExample> examples, Split split) {
        int number = 0;
        for (DemoExample example : examples) {
            records.add(TaskExample.newBuilder()
                    .setId(split.text() + "-" + number++)
                    .setSplit(split.text())
                    .setText(example.text())
                    .setTextPair(example.textPair())
                    .setLabel((long) example.label())
                    .build());
        }
    }
}
