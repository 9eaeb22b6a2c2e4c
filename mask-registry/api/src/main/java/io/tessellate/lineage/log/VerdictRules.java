package io.tessellate.lineage.log;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the versions of a model are judged, beside its own forgetting budget.
 *
 * @param taskBudgets largest drops of single tasks; each comes before the one of the task's manifest and the model's
 * @param significance largest corrected p with which a drop over its budget is held to be real, below 1; null: every one is
 * @param failed what becomes of the adapter of a version that failed
 */
public record VerdictRules(
        Map<TaskName, Double> taskBudgets, @Nullable Double significance, FailedVersion failed) {
    /** Points alone decide, and the adapters of failed versions are kept. */
    public static final VerdictRules DEFAULT = new VerdictRules(Map.of(), null, FailedVersion.KEEP);

    public VerdictRules {
        taskBudgets = Map.copyOf(taskBudgets);
    }

    /**
     * The rules, if a model may be registered with them.
     *
     * @throws TessellateException INVALID_ARGUMENT naming the value
     */
    public VerdictRules require() {
        taskBudgets.forEach((task, budget) -> {
            if (!(budget >= 0 && budget <= 1)) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "forgetting budget of task %s must lie in 0 to 1: %s".formatted(task, budget));
            }
        });
        if (significance != null && !(significance > 0 && significance < 1)) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "significance must lie between 0 and 1: " + significance);
        }
        return this;
    }

    /** What a person reads of them. */
    public String text() {
        return "failed versions: %s, significance: %s, budgets of tasks: %s"
                .formatted(failed.label(), significance == null ? "none" : significance, taskBudgets);
    }
}
