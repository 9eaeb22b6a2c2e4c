package io.tessellate.worker;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.data.FittedSplit;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.objective.Encoding;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.engine.plan.MemoryQuestion;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.id.TaskId;
import java.util.List;

/** How a base model sees examples that keep to a manifest. */
record TaskEncoding(BaseModel base, Manifest manifest) {
    TrainingObjective objective() {
        return TrainingObjective.of(manifest, base.config());
    }

    FittedSplit fit(List<Example> train, Recipe recipe) {
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), recipe)) {
            return encoding.fit(objective(), train);
        }
    }

    TaskData data(TaskId task, FittedSplit fitted) {
        int outputs = objective().outputs(manifest.labels().size());
        return new TaskData(task, objective(), outputs, fitted.examples());
    }

    /** The least that a training of these examples could take, one after the other; others that a mask is calibrated on may be few. */
    MemoryQuestion least(TaskId task, Recipe recipe, FittedSplit fitted) {
        var lengths = fitted.examples().stream().mapToInt(EncodedExample::length);
        int shortest = lengths.min().orElse(1);
        return new MemoryQuestion(
                new MemoryQuestion.Model(task.model().value(), base.config(), base.layout(), base.weightBytes()),
                recipe.with("batchSize", 1)
                        .with("maxLength", Math.max(4, shortest))
                        .with("maskFrom", ""),
                new MemoryQuestion.Task(
                        objective().head().isEmpty(), 1, 0, fitted.examples().size()));
    }
}
