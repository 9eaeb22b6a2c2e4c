package io.tessellate.lineage.json;

import io.tessellate.lineage.ModelLine;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a model's versions are judged, in JSON.
 *
 * @param failedVersions keep or quarantine
 * @param significance largest corrected p with which a drop over its budget is held to be real; null: every one is
 * @param taskBudgets largest drops of single tasks
 * @param promoteUnmeasured whether a version is judged by those of its tasks that could be measured
 */
record RulesJson(
        String failedVersions,
        @Nullable Double significance,
        Map<String, Double> taskBudgets,
        boolean promoteUnmeasured) {
    static RulesJson of(ModelLine line) {
        Map<String, Double> budgets = new TreeMap<>();
        line.rules().taskBudgets().forEach((task, budget) -> budgets.put(task.value(), budget));
        return new RulesJson(
                line.rules().failed().label(), line.rules().significance(), budgets, line.promoteUnmeasured());
    }
}
