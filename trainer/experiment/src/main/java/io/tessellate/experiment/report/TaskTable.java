package io.tessellate.experiment.report;

import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.ArmResult.Spread;
import io.tessellate.experiment.result.RunOutcome;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What each task came to wherever it stood, for streams in which every seed has an order of its own: their matrices have a place for a
 * column, in which other seeds have other tasks.
 *
 * @param arms in the plan's order
 */
record TaskTable(List<ArmResult> arms) {
    /** Both tables; empty where results do not name their tasks, or not the same ones. */
    String markdown() {
        List<List<String>> named = arms.stream()
                .flatMap(arm -> arm.outcomes().stream())
                .map(outcome -> outcome.tasks().stream().sorted().toList())
                .distinct()
                .toList();
        if (named.size() != 1 || named.get(0).isEmpty()) {
            return "";
        }
        List<String> tasks = named.get(0);
        return "\n## By task, wherever it stood\n\nLearnt, right after its own training\n\n"
                + table(tasks, RunOutcome::learntScores)
                + "\nUnion view at the end\n\n"
                + table(tasks, RunOutcome::finalScores);
    }

    private String table(List<String> tasks, Function<RunOutcome, List<Double>> scores) {
        String head = "| arm | " + String.join(" | ", tasks) + " |\n|---|" + "---|".repeat(tasks.size()) + "\n";
        return arms.stream()
                .map(arm -> "| %s | %s |\n".formatted(arm.name(), row(arm, tasks, scores)))
                .collect(Collectors.joining("", head, ""));
    }

    private static String row(ArmResult arm, List<String> tasks, Function<RunOutcome, List<Double>> scores) {
        return tasks.stream()
                .map(task -> Tables.cell(Spread.of(arm.outcomes().stream()
                        .mapToDouble(outcome ->
                                scores.apply(outcome).get(outcome.tasks().indexOf(task)))
                        .toArray())))
                .collect(Collectors.joining(" | "));
    }
}
