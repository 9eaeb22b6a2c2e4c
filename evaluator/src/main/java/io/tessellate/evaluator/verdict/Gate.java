package io.tessellate.evaluator.verdict;

import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.FailedVersion;
import io.tessellate.lineage.log.RegistryEvent.ModelRegistered;
import io.tessellate.lineage.log.VerdictRules;
import java.util.Optional;

/**
 * What the versions of a model are held against, as it was registered.
 *
 * @param budget largest drop of an earlier task
 * @param promoteUnmeasured whether a version is judged by those of its tasks that could be measured
 * @param rules budgets of single tasks, significance, policy
 */
public record Gate(double budget, boolean promoteUnmeasured, VerdictRules rules) {
    /** A gate of points alone. */
    public static Gate of(double budget) {
        return new Gate(budget, false, VerdictRules.DEFAULT);
    }

    /** The gate of a model. */
    public static Gate of(ModelRegistered model) {
        return new Gate(model.forgettingBudget(), model.promoteUnmeasured(), model.rules());
    }

    /** The budget of one task: of its registration, else of its manifest, else of the model. */
    Budget budget(TaskName task, Optional<Double> manifest) {
        Double registered = rules.taskBudgets().get(task);
        if (registered != null) {
            return new Budget(registered, "registration");
        }
        return manifest.map(points -> new Budget(points, "manifest")).orElseGet(() -> new Budget(budget, "model"));
    }

    /** Whether the adapter of a version that failed stays out of later versions. */
    public boolean quarantines() {
        return rules.failed() == FailedVersion.QUARANTINE;
    }

    /** Largest drop allowed, and whose word that is. */
    record Budget(double points, String from) {}
}
