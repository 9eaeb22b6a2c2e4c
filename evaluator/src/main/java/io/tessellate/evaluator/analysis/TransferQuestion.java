package io.tessellate.evaluator.analysis;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.Author;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What is asked of a model's tasks before and when they were learnt.
 *
 * @param model the model
 * @param version whose tasks are meant; the one that the next is built on if left out
 * @param bounds what tasks would reach at best, each the score of a model that learnt all tasks so far together, or the task alone
 * @param author who asks, and why
 */
public record TransferQuestion(ModelName model, OptionalInt version, Map<TaskName, Double> bounds, Author author) {
    /** Copies the bounds; refuses what is no score. */
    public TransferQuestion {
        bounds = new TreeMap<>(bounds);
        bounds.forEach((task, bound) -> {
            if (!Double.isFinite(bound)) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the bound of task '%s' is %s, which is no score".formatted(task, bound));
            }
        });
    }
}
