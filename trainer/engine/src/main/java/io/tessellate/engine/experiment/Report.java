package io.tessellate.engine.experiment;

import io.tessellate.engine.experiment.ArmResult.Spread;
import io.tessellate.engine.metric.ContinualMetrics;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An experiment's results as Markdown and CSV. The views are never mixed in one table. */
final class Report {
    private final List<String> tasks;
    private final List<ArmResult> arms;

    Report(List<String> tasks, List<ArmResult> arms) {
        this.tasks = tasks;
        this.arms = arms;
    }

    void write(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("report.md"), markdown());
            Files.writeString(directory.resolve("results.csv"), csv());
            Path plots = Files.createDirectories(directory.resolve("plots"));
            for (Map.Entry<String, String> plot : new Plots(tasks, arms).files().entrySet()) {
                Files.writeString(plots.resolve(plot.getKey()), plot.getValue());
            }
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "report cannot be written to " + directory, e);
        }
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("Tasks in order: ").append(String.join(", ", tasks)).append(". ");
        text.append("Mean ± standard deviation over ")
                .append(arms.get(0).outcomes().size())
                .append(" seeds.\n\n");
        text.append("## Union view\n\n");
        text.append("| arm | lr | learnt | ACC | BWT | forgetting |\n|---|---|---|---|---|---|\n");
        arms.forEach(arm -> text.append(unionRow(arm)));
        if (arms.size() > 1) {
            text.append(comparison());
        }
        text.append("\n![forgetting](plots/forgetting.svg)\n");
        text.append("\n## Task view\n\n");
        text.append("| arm | ACC | forgetting | bit-identical |\n|---|---|---|---|\n");
        arms.forEach(arm -> text.append(taskRow(arm)));
        text.append("\n## Matrices (mean over seeds)\n");
        for (int a = 0; a < arms.size(); a++) {
            text.append(matrices(a));
        }
        text.append("\n## Recipes\n\n");
        arms.forEach(arm -> text.append("- ")
                .append(arm.arm().name())
                .append(": `")
                .append(arm.recipe().json())
                .append("`\n"));
        return text.toString();
    }

    private static String unionRow(ArmResult arm) {
        return "| %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        arm.arm().name(),
                        arm.recipe().learningRate(),
                        cell(arm.union(m -> m.learningAccuracy())),
                        cell(arm.union(m -> m.averageAccuracy())),
                        cell(arm.union(m -> m.backwardTransfer().orElse(0))),
                        cell(arm.union(m -> m.forgetting().orElse(0))));
    }

    private static String taskRow(ArmResult arm) {
        return "| %s | %s | %s | %s |\n"
                .formatted(
                        arm.arm().name(),
                        cell(arm.task(m -> m.averageAccuracy())),
                        cell(arm.task(m -> m.forgetting().orElse(0))),
                        arm.taskViewIsConstant() ? "yes" : "no");
    }

    /** Every arm against the first, seed by seed. */
    private String comparison() {
        ArmResult first = arms.get(0);
        int seeds = first.outcomes().size();
        StringBuilder text = new StringBuilder(("\n### Against %s, seed by seed\n\nMean difference and p of the exact"
                        + " sign-flip test, two-sided; with %d seeds p is at least %s.\n\n"
                        + "| arm | learnt | p | ACC | p | forgetting | p |\n|---|---|---|---|---|---|---|\n")
                .formatted(first.arm().name(), seeds, number(2.0 / (1 << seeds))));
        arms.stream()
                .skip(1)
                .forEach(arm -> text.append("| %s | %s | %s | %s |\n"
                        .formatted(
                                arm.arm().name(),
                                difference(arm, first, ContinualMetrics::learningAccuracy),
                                difference(arm, first, ContinualMetrics::averageAccuracy),
                                difference(arm, first, m -> m.forgetting().orElse(0)))));
        return text.toString();
    }

    private static String difference(ArmResult arm, ArmResult first, ToDoubleFunction<ContinualMetrics> metric) {
        PairedTest test = PairedTest.of(arm.unionValues(metric), first.unionValues(metric));
        return String.format(Locale.ROOT, "%+.3f | %.3f", test.mean(), test.p());
    }

    private String matrices(int index) {
        ArmResult arm = arms.get(index);
        return "\n### %s\n\nUnion view ([picture](plots/%s))\n\n%s\nTask view ([picture](plots/%s))\n\n%s"
                .formatted(
                        arm.arm().name(),
                        Plots.matrixFile(index, "union"),
                        matrix(arm.mean(Outcome::union)),
                        Plots.matrixFile(index, "task"),
                        matrix(arm.mean(Outcome::task)));
    }

    private String matrix(List<List<Double>> rows) {
        String head = "| after | " + String.join(" | ", tasks) + " |\n|---|" + "---|".repeat(tasks.size()) + "\n";
        return IntStream.range(0, rows.size())
                .mapToObj(k -> "| %s | %s |\n".formatted(tasks.get(k), row(rows.get(k))))
                .collect(Collectors.joining("", head, ""));
    }

    private String row(List<Double> scores) {
        return IntStream.range(0, tasks.size())
                .mapToObj(j -> j < scores.size() ? number(scores.get(j)) : "")
                .collect(Collectors.joining(" | "));
    }

    private static String cell(Spread spread) {
        return number(spread.mean()) + " ± " + number(spread.deviation());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    String csv() {
        StringBuilder text = new StringBuilder("arm,learning_rate,run,view,after,task,score\n");
        for (ArmResult arm : arms) {
            for (int run = 0; run < arm.outcomes().size(); run++) {
                text.append(csv(arm, run, "union", arm.outcomes().get(run).union()));
                text.append(csv(arm, run, "task", arm.outcomes().get(run).task()));
            }
        }
        return text.toString();
    }

    private String csv(ArmResult arm, int run, String view, List<List<Double>> rows) {
        StringBuilder text = new StringBuilder();
        for (int k = 0; k < rows.size(); k++) {
            for (int j = 0; j <= k; j++) {
                text.append("%s,%s,%d,%s,%s,%s,%s\n"
                        .formatted(
                                arm.arm().name(),
                                arm.recipe().learningRate(),
                                run,
                                view,
                                tasks.get(k),
                                tasks.get(j),
                                rows.get(k).get(j)));
            }
        }
        return text.toString();
    }
}
