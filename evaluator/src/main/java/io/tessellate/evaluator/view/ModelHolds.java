package io.tessellate.evaluator.view;

import io.tessellate.error.ErrorCode;
import io.tessellate.evaluator.view.TaskState.Problem;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Parked;
import io.tessellate.lineage.log.RegistryEvent.ModelParked;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What holds up all tasks of a model: that nobody has registered it, or that it is parked. */
final class ModelHolds {
    private final Lineage models;

    ModelHolds(Lineage models) {
        this.models = models;
    }

    Optional<Problem> parked(ModelName model) {
        return models.model(model).flatMap(ModelLine::parked).map(parked -> problem(model, parked));
    }

    @Nullable
    Problem hold(ModelName model) {
        if (models.model(model).isEmpty()) {
            return new Problem(
                    ErrorCode.UNKNOWN_MODEL.name(),
                    "no model is registered under the name %s; register one and the task goes on: tessellate models register %s --base DIR"
                            .formatted(model, model));
        }
        return parked(model).orElse(null);
    }

    /** That a committed task is in no version to come, and what that means. */
    Optional<Problem> takenOut(TaskId task) {
        return models.model(task.model())
                .flatMap(line -> line.versionOf(task.task())
                        .filter(commit -> line.holding().of(task.task()).isEmpty()))
                .map(commit -> new Problem(
                        ErrorCode.FORGETTING.name(),
                        ("its adapter, of version %d, was taken out: no later version holds it and its weights are free;"
                                        + " its task view still answers")
                                .formatted(commit.number())));
    }

    private static Problem problem(ModelName model, Parked parked) {
        ModelParked event = parked.event();
        String file = event.path() == null ? "" : " (%s)".formatted(event.path());
        return new Problem(
                ErrorCode.MODEL_PARKED.name(),
                "%s waits for you: %s: %s%s; when that is put right: tessellate resume %s"
                        .formatted(model, event.code().name(), event.reason(), file, model));
    }
}
