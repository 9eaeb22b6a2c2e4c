package io.tessellate.experiment.report;

import io.tessellate.engine.metric.ContinualMetrics;
import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.ArmResult.Spread;
import io.tessellate.experiment.result.PairedTest;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Tables of what the arms of one or several streams came to. The views are never mixed in one table. */
final class Tables {
    private Tables() {}

    static String both(List<ArmResult> arms) {
        StringBuilder text = new StringBuilder("\n## Union view\n\n");
        text.append("| arm | lr | learnt | ACC | BWT | forgetting |\n|---|---|---|---|---|---|\n");
        arms.forEach(arm -> text.append(unionRow(arm)));
        if (arms.size() > 1) {
            text.append(comparison(arms));
        }
        text.append("\n## Task view\n\n");
        text.append("| arm | ACC | forgetting | bit-identical |\n|---|---|---|---|\n");
        arms.forEach(arm -> text.append(taskRow(arm)));
        return text.toString();
    }

    private static String unionRow(ArmResult arm) {
        return "| %s | %s%s | %s | %s | %s | %s |\n"
                .formatted(
                        arm.name(),
                        arm.rate(),
                        arm.arm().merge() == null ? "" : ", scale " + arm.scale(),
                        cell(arm.learnt()),
                        cell(arm.union(ContinualMetrics::averageAccuracy)),
                        cell(arm.union(m -> m.backwardTransfer().orElse(0))),
                        cell(arm.union(m -> m.forgetting().orElse(0))));
    }

    private static String taskRow(ArmResult arm) {
        return "| %s | %s | %s | %s |\n"
                .formatted(
                        arm.name(),
                        cell(arm.task(ContinualMetrics::averageAccuracy)),
                        cell(arm.task(m -> m.forgetting().orElse(0))),
                        arm.taskViewIsConstant() ? "yes" : "no");
    }

    /** Every arm against the first, seed by seed. */
    private static String comparison(List<ArmResult> arms) {
        ArmResult first = arms.get(0);
        int pairs = first.outcomes().size();
        StringBuilder text = new StringBuilder(("\n### Against %s, seed by seed\n\nMean difference and p of the exact"
                        + " sign-flip test, two-sided; with %d pairs p is at least %s.\n\n"
                        + "| arm | learnt | p | ACC | p | forgetting | p |\n|---|---|---|---|---|---|---|\n")
                .formatted(first.name(), pairs, number(Math.min(1, Math.pow(2, 1 - pairs)))));
        arms.stream()
                .skip(1)
                .forEach(arm -> text.append("| %s | %s | %s | %s |\n"
                        .formatted(
                                arm.name(),
                                difference(arm, first, ArmResult::learntValues),
                                difference(arm, first, union(ContinualMetrics::averageAccuracy)),
                                difference(arm, first, union(m -> m.forgetting().orElse(0))))));
        return text.toString();
    }

    private static Function<ArmResult, double[]> union(ToDoubleFunction<ContinualMetrics> metric) {
        return arm -> arm.unionValues(metric);
    }

    private static String difference(ArmResult arm, ArmResult first, Function<ArmResult, double[]> values) {
        PairedTest test = PairedTest.of(values.apply(arm), values.apply(first));
        return String.format(Locale.ROOT, "%+.3f | %.3f", test.mean(), test.p());
    }

    private static String cell(Spread spread) {
        return number(spread.mean()) + " ± " + number(spread.deviation());
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
