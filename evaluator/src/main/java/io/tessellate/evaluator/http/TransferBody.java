package io.tessellate.evaluator.http;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.analysis.TransferQuestion;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What may be said beside the model.
 *
 * @param version whose tasks are meant
 * @param bounds what tasks would reach at best, by their names
 * @param who asks, beside the token's name; nobody vouches for it
 * @param why for the log
 */
record TransferBody(
        @Nullable Integer version,
        @Nullable Map<String, @Nullable Double> bounds,
        @Nullable String who,
        @Nullable String why) {
    TransferQuestion question(ModelName model, String token) {
        Map<TaskName, Double> named = new TreeMap<>();
        if (bounds != null) {
            bounds.forEach((task, bound) -> {
                if (bound == null) {
                    throw new TessellateException(
                            ErrorCode.INVALID_ARGUMENT, "the bound of task '%s' is null, not a score".formatted(task));
                }
                named.put(new TaskName(task), bound);
            });
        }
        return new TransferQuestion(model, Bodies.optional(version), named, Bodies.author(who, why, token));
    }
}
