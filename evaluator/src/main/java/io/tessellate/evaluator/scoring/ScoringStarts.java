package io.tessellate.evaluator.scoring;

import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import io.tessellate.runtime.retry.Starts;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Counts how often scoring ended the process, for each model as it is loaded and for each of its tasks, so that one of them does
 * not stop all others for ever.
 *
 * @param directory where it counts
 */
record ScoringStarts(Path directory) {
    /**
     * One more than the worker allows a run: a training that ends the process is given up before the scoring that happened to go
     * on beside it.
     */
    static final int MOST = 6;

    private static final String REMEDY =
            "give the process more memory (TESSELLATE_HEAP), or train with a smaller maxLength; the next version measures again";

    /** Loads a version's weights. */
    <T> T loading(ModelName model, int version, Supplier<T> work) {
        return ofModel(model).call("loading version %d of %s".formatted(version, model), REMEDY, work);
    }

    /** Scores a task at some version, in some view. */
    <T> T scoring(ModelName model, TaskName task, Supplier<T> work) {
        return ofTask(model, task).call("scoring %s/%s".formatted(model, task), REMEDY, work);
    }

    Starts ofModel(ModelName model) {
        return new Starts(directory.resolve("models").resolve(model.value()), MOST);
    }

    Starts ofTask(ModelName model, TaskName task) {
        return new Starts(directory.resolve("tasks").resolve(model.value()).resolve(task.value()), MOST);
    }
}
