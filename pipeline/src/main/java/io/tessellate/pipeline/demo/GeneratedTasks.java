package io.tessellate.pipeline.demo;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.Split;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.experiment.task.TaskGenerator;
import io.tessellate.pipeline.demo.data.DemoExample;
import io.tessellate.pipeline.demo.data.DemoTask;
import io.tessellate.pipeline.demo.data.DemoTasks;
import java.nio.file.Path;
import java.util.List;

/** The demo's tasks and its base model, for experiments that run without any data. */
public final class GeneratedTasks implements TaskGenerator {
    /** Other than the demo's own, so that what is tuned on these is not tuned on those. */
    private static final long SEED = 11;

    @Override
    public Path model(Path directory) {
        return DemoBase.unpack(directory);
    }

    @Override
    public int labels(String task) {
        return find(task, 1, 1).labels().size();
    }

    @Override
    public Examples examples(String task, int train, int eval) {
        DemoTask found = find(task, train, eval);
        return new Examples(examples(found.train(), Split.TRAIN), examples(found.eval(), Split.EVAL));
    }

    private static DemoTask find(String name, int train, int eval) {
        List<DemoTask> tasks = new DemoTasks(train, eval).tasks(SEED);
        return tasks.stream()
                .filter(task -> task.name().value().equals(name))
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "task '%s' cannot be generated; there are %s"
                                .formatted(
                                        name, tasks.stream().map(DemoTask::name).toList())));
    }

    private static List<Example> examples(List<DemoExample> examples, Split split) {
        return examples.stream()
                .map(example -> new Example(
                        null, split, example.text(), example.textPair(), new Label.ClassIndex(example.label())))
                .toList();
    }
}
