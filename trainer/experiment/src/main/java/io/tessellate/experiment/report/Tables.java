package io.tessellate.experiment.report;

import io.tessellate.engine.metric.ContinualMetrics;
import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.ArmResult.Spread;
import io.tessellate.text.NumberText;
import java.util.List;

/** Tables of what the arms of one or several streams came to. The views are never mixed in one table. */
final class Tables {
    private Tables() {}

    static String both(List<ArmResult> arms, double margin) {
        StringBuilder text = new StringBuilder("\n## Union view\n\n");
        text.append("| arm | lr | learnt | newest | ACC | BWT | forgetting |\n|---|---|---|---|---|---|---|\n");
        arms.forEach(arm -> text.append(unionRow(arm)));
        if (arms.size() > 1) {
            text.append(new Comparison(arms, margin).markdown());
        }
        text.append("\n## Task view\n\n");
        text.append("| arm | ACC | forgetting | bit-identical |\n|---|---|---|---|\n");
        arms.forEach(arm -> text.append(taskRow(arm)));
        text.append(gaps(arms));
        return text.toString();
    }

    /** How well masks mix; empty where that was not measured. */
    private static String gaps(List<ArmResult> arms) {
        List<ArmResult> measured =
                arms.stream().filter(arm -> arm.gaps().length > 0).toList();
        StringBuilder text = new StringBuilder();
        measured.forEach(arm -> text.append("| %s | %s |\n".formatted(arm.name(), cell(Spread.of(arm.gaps())))));
        return measured.isEmpty()
                ? ""
                : "\n## Spectral gap of the masks\n\n1 - second singular value / first, mean over matrices.\n\n| arm | gap |\n|---|---|\n"
                        + text;
    }

    private static String unionRow(ArmResult arm) {
        return "| %s | %s%s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        arm.name(),
                        arm.rate(),
                        arm.arm().merge() == null ? "" : ", scale " + arm.scale(),
                        cell(arm.learnt()),
                        cell(Spread.of(arm.newestValues())),
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

    /** One run alone has no deviation, and a zero would look like a very sure one. */
    static String cell(Spread spread) {
        String mean = number(spread.mean());
        return Double.isNaN(spread.deviation()) ? mean : mean + " ± " + number(spread.deviation());
    }

    static String number(double value) {
        return NumberText.fixed(value, 3);
    }
}
