package io.tessellate.evaluator.view;

import io.tessellate.error.ErrorCode;
import io.tessellate.evaluator.view.TaskState.Problem;
import io.tessellate.event.ModelParked;
import io.tessellate.event.RegistryEvent;
import io.tessellate.id.ModelName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What holds up all tasks of a model: that nobody has registered it, or that it is parked. A fold over {@code registry}. */
final class ModelHolds {
    private final Set<ModelName> registered = new HashSet<>();
    private final Map<ModelName, Problem> parked = new HashMap<>();

    void apply(RegistryEvent event) {
        ModelName model = new ModelName(event.getModel());
        if (event.getModelRegistered() != null) {
            registered.add(model);
        } else if (event.getModelParked() != null) {
            parked.put(model, problem(model, event.getModelParked()));
        } else if (event.getModelResumed() != null) {
            parked.remove(model);
        }
    }

    private static Problem problem(ModelName model, ModelParked event) {
        String file = event.getPath() == null ? "" : " (%s)".formatted(event.getPath());
        return new Problem(
                ErrorCode.MODEL_PARKED.name(),
                "%s waits for you: %s: %s%s; when that is put right: tessellate resume %s"
                        .formatted(model, event.getCode(), event.getReason(), file, model));
    }

    Optional<Problem> parked(ModelName model) {
        return Optional.ofNullable(parked.get(model));
    }

    @Nullable
    Problem hold(ModelName model) {
        if (!registered.contains(model)) {
            return new Problem(
                    ErrorCode.UNKNOWN_MODEL.name(),
                    "no model is registered under the name %s; register one and the task goes on: tessellate models register %s --base DIR"
                            .formatted(model, model));
        }
        return parked.get(model);
    }
}
