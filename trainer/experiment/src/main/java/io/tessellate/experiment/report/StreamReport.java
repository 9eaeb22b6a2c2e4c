package io.tessellate.experiment.report;

import io.tessellate.experiment.plot.Picture;
import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.RunOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What came out for one order of tasks: both views, matrices and pictures.
 *
 * @param name what the plan calls the stream
 * @param tasks in its order; places where every seed has an order of its own
 * @param shuffled whether that is so
 * @param arms in the plan's order
 * @param oneOfSeveral whether the report holds other streams too
 */
public record StreamReport(
        String name, List<String> tasks, boolean shuffled, List<ArmResult> arms, boolean oneOfSeveral) {

    /** Its pictures by the name of their files, without an ending. */
    Map<String, Picture> pictures() {
        return new Plots(tasks, arms)
                .pictures().entrySet().stream()
                        .collect(Collectors.toMap(
                                picture -> file(picture.getKey()),
                                Map.Entry::getValue,
                                (a, b) -> a,
                                LinkedHashMap::new));
    }

    private String file(String picture) {
        return oneOfSeveral ? name.replaceAll("[^A-Za-z0-9_-]", "_") + "-" + picture : picture;
    }

    /**
     * The stream's part of the report.
     *
     * @param coverage which of the plan's runs it is of
     * @param margin arms that are less apart count as equally good
     */
    String markdown(Coverage coverage, double margin) {
        StringBuilder text = new StringBuilder();
        if (oneOfSeveral) {
            text.append("\n# Stream ").append(name).append("\n\n");
        }
        text.append("Tasks in order: ").append(String.join(", ", tasks)).append(". ");
        text.append("Mean ± standard deviation over %s seeds.\n".formatted(coverage.seeds()));
        text.append(Tables.both(arms, margin));
        text.append(shuffled ? new TaskTable(arms).markdown() : "");
        text.append(new TradeOff(arms).markdown());
        text.append(curves());
        text.append("\n## Matrices (mean over seeds)\n");
        IntStream.range(0, arms.size()).forEach(arm -> text.append(matrices(arm)));
        return text.toString();
    }

    private String curves() {
        return pictures().keySet().stream()
                .filter(picture -> !picture.contains("matrix-"))
                .map(StreamReport::embedded)
                .collect(Collectors.joining());
    }

    private String matrices(int index) {
        ArmResult arm = arms.get(index);
        return "\n### %s\n\nUnion view\n\n%s%s\nTask view\n\n%s%s"
                .formatted(
                        arm.name(),
                        matrix(arm.mean(RunOutcome::union)),
                        embedded(file(Plots.matrix(index, "union"))),
                        matrix(arm.mean(RunOutcome::task)),
                        embedded(file(Plots.matrix(index, "task"))));
    }

    private static String embedded(String picture) {
        return "\n![%s](plots/%s.svg) ([png](plots/%s.png))\n".formatted(picture, picture, picture);
    }

    private String matrix(List<List<Double>> rows) {
        String head = "| after | " + String.join(" | ", tasks) + " |\n|---|" + "---|".repeat(tasks.size()) + "\n";
        return IntStream.range(0, rows.size())
                .mapToObj(k -> "| %s | %s |\n".formatted(tasks.get(k), row(rows.get(k))))
                .collect(Collectors.joining("", head, ""));
    }

    private String row(List<Double> scores) {
        return IntStream.range(0, tasks.size())
                .mapToObj(j -> j < scores.size() ? Tables.number(scores.get(j)) : "")
                .collect(Collectors.joining(" | "));
    }

    /** A line for every score, under the names of the tasks in the run's own order. */
    String csv() {
        StringBuilder text = new StringBuilder();
        for (ArmResult arm : arms) {
            for (int run = 0; run < arm.outcomes().size(); run++) {
                RunOutcome outcome = arm.outcomes().get(run);
                List<String> named = outcome.tasks().size() == tasks.size() ? outcome.tasks() : tasks;
                text.append(csv(arm, run, "union", outcome.union(), named));
                text.append(csv(arm, run, "task", outcome.task(), named));
            }
        }
        return text.toString();
    }

    private String csv(ArmResult arm, int run, String view, List<List<Double>> rows, List<String> named) {
        StringBuilder text = new StringBuilder();
        for (int k = 0; k < rows.size(); k++) {
            for (int j = 0; j <= k; j++) {
                text.append("%s,\"%s\",%s,%d,%s,%s,%s,%s\n"
                        .formatted(
                                name,
                                arm.name().replace("\"", "\"\""),
                                arm.rate().replace(",", ""),
                                run,
                                view,
                                named.get(k),
                                named.get(j),
                                rows.get(k).get(j)));
            }
        }
        return text.toString();
    }
}
