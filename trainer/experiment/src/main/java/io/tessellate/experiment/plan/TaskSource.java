package io.tessellate.experiment.plan;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.experiment.task.TaskFolder;
import io.tessellate.experiment.task.TaskGenerator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Where a task of a plan comes from: a folder or a generator, or some of the classes of either.
 *
 * @param path folder of the task; null where it is generated
 * @param generated the generator's name; null where it is read
 * @param name what it is called; null: what its folder or its generator is called
 * @param labels classes that belong to it, renumbered from 0 in this order; empty: all
 */
public record TaskSource(
        @Nullable Path path,
        @Nullable String generated,
        @Nullable String name,
        List<Integer> labels) {
    /** Copies the list and refuses a task of no or of two origins, or of a single class. */
    public TaskSource {
        labels = List.copyOf(labels);
        if ((path == null) == (generated == null)) {
            throw new IllegalArgumentException("a task needs either a path or a generator's name");
        }
        if (labels.size() == 1 || labels.stream().distinct().count() < labels.size()) {
            throw new IllegalArgumentException("labels of a task must be at least two different ones: " + labels);
        }
    }

    /** What tables call it. */
    public String title() {
        if (name != null) {
            return name;
        }
        return path == null
                ? Objects.requireNonNull(generated)
                : path.getFileName().toString();
    }

    TaskSource in(Path folder) {
        return path == null ? this : new TaskSource(folder.resolve(path).normalize(), null, name, labels);
    }

    /** The task with at most as many examples of its classes as the plan says. */
    public TaskFolder read(ExperimentPlan plan, ModelConfig model, TaskGenerator generator) {
        return read(plan, model, generator, TaskFolder.SAMPLE_SEED);
    }

    /**
     * The same of another sample of the train split.
     *
     * @param sample its seed
     */
    public TaskFolder read(ExperimentPlan plan, ModelConfig model, TaskGenerator generator, long sample) {
        int train = plan.trainExamples();
        int eval = plan.evalExamples();
        boolean whole = labels.isEmpty();
        TaskFolder all = path == null
                ? generated(train, eval, generator, sample)
                : TaskFolder.read(
                        path,
                        model,
                        plan.metrics().get(title()),
                        whole ? train : Integer.MAX_VALUE,
                        whole ? eval : Integer.MAX_VALUE,
                        sample);
        return (whole ? all : all.only(labels)).named(title()).limited(train, eval);
    }

    /** Another sample than the usual is drawn from twice as many. */
    private TaskFolder generated(int train, int eval, TaskGenerator generator, long sample) {
        String task = Objects.requireNonNull(generated);
        int classes = generator.labels(task);
        int parts = labels.isEmpty() ? 1 : (classes + labels.size() - 1) / labels.size();
        int pool = sample == TaskFolder.SAMPLE_SEED ? 1 : 2;
        TaskGenerator.Examples examples = generator.examples(task, pool * parts * train, parts * eval);
        if (examples.train().isEmpty() || examples.eval().isEmpty()) {
            throw new TessellateException(ErrorCode.INVALID_CONFIGURATION, "task '%s' has no examples".formatted(task));
        }
        return new TaskFolder(
                task,
                HeadObjective.CLASSIFICATION,
                classes,
                Measure.by(MetricName.ACCURACY),
                pool == 1 ? examples.train() : shuffled(examples.train(), sample),
                examples.eval());
    }

    private static List<Example> shuffled(List<Example> examples, long seed) {
        List<Example> shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled;
    }
}
