package io.tessellate.evaluator.verdict;

import io.tessellate.engine.metric.DropTest;
import io.tessellate.id.TaskName;
import io.tessellate.text.NumberText;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one task of a version before it is judged.
 *
 * @param newest whether the version was made by training it: there is nothing earlier to hold it against
 * @param missing why it could not be measured; null if it was
 * @param drop best earlier union score minus the one now; null where one of them is missing
 * @param against version of the best earlier score
 * @param manifestBudget largest drop that its manifest allows
 * @param test of the examples of both versions; null where there is none
 * @param examples how many both versions were scored on
 * @param untested why there is no test
 */
public record TaskCase(
        TaskName task,
        boolean newest,
        @Nullable String missing,
        @Nullable Double drop,
        @Nullable Integer against,
        Optional<Double> manifestBudget,
        @Nullable DropTest test,
        long examples,
        @Nullable String untested) {

    /** Its verdict, given what the corrections over all tasks of the version made of its p. */
    TaskVerdict judged(Gate gate, @Nullable Double corrected) {
        Gate.Budget budget = gate.budget(task, manifestBudget);
        VerdictLevel level = level(gate, budget.points(), corrected);
        return new TaskVerdict(
                task,
                level,
                reason(gate, budget, level, corrected),
                budget.points(),
                budget.from(),
                drop,
                against,
                test,
                corrected,
                examples,
                untested);
    }

    private VerdictLevel level(Gate gate, double budget, @Nullable Double corrected) {
        if (missing != null) {
            return gate.promoteUnmeasured() ? VerdictLevel.WARN : VerdictLevel.FAIL;
        }
        if (drop == null || newest) {
            return VerdictLevel.PASS;
        }
        if (exceeds(drop, budget)) {
            return byChance(gate, corrected) ? VerdictLevel.WARN : VerdictLevel.FAIL;
        }
        return exceeds(drop, budget / 2) ? VerdictLevel.WARN : VerdictLevel.PASS;
    }

    /** A drop that is not a number is worse than any budget. */
    private static boolean exceeds(double drop, double limit) {
        return !(drop <= limit);
    }

    /** Whether the drop may be chance by the model's own measure; what could not be tested is taken as it is. */
    private static boolean byChance(Gate gate, @Nullable Double corrected) {
        Double significance = gate.rules().significance();
        return significance != null && corrected != null && corrected > significance;
    }

    private String reason(Gate gate, Gate.Budget budget, VerdictLevel level, @Nullable Double corrected) {
        if (missing != null) {
            return "not measured: " + missing;
        }
        if (newest) {
            return "learnt by this version";
        }
        if (drop == null) {
            return "no earlier score to hold it against";
        }
        String held = "drop %s against version %d, budget %s (%s)"
                .formatted(NumberText.fixed(drop, 4), against, NumberText.fixed(budget.points(), 4), budget.from());
        String tested = corrected == null || test == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", p %.4g after correction, %d of %d examples lost and %d won",
                        corrected,
                        test.lost(),
                        examples,
                        test.won());
        return held + tested + remark(gate, budget, level);
    }

    private String remark(Gate gate, Gate.Budget budget, VerdictLevel level) {
        return switch (level) {
            case PASS -> "";
            case FAIL -> ": over the budget";
            case WARN ->
                drop != null && exceeds(drop, budget.points())
                        ? ": over the budget, but not significant at "
                                + gate.rules().significance()
                        : ": more than half of the budget";
        };
    }
}
