package io.tessellate.pipeline.report;

import io.tessellate.evaluator.matrix.AccuracyMatrix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The accuracy matrix of a model in one view. */
public record MatrixReport(AccuracyMatrix matrix) implements Report {
    @Override
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("model", matrix.model());
        json.put("view", matrix.view().label());
        json.put("tasks", matrix.tasks());
        json.put("metrics", matrix.metrics());
        json.put("versions", matrix.versions());
        json.put("matrix", matrix.matrix());
        json.put("averageAccuracy", matrix.averageAccuracy());
        json.put("backwardTransfer", matrix.backwardTransfer());
        json.put("forgetting", matrix.forgetting());
        json.put("measured", matrix.measured());
        json.put("notMeasured", matrix.gaps());
        json.put("leftOut", matrix.leftOut());
        json.put("rows", matrix.rows());
        return json;
    }

    @Override
    public String text() {
        String title = "%s, %s view".formatted(matrix.model(), matrix.view().label());
        if (matrix.versions().isEmpty()) {
            return title + ": no version is measured yet\n";
        }
        return title + "\n" + table() + intervals() + summary() + verdicts() + gaps() + leftOut();
    }

    /** ACC, BWT and forgetting in one line. */
    public String summary() {
        return "ACC %s  BWT %s  forgetting %s%n"
                .formatted(
                        Numbers.score(matrix.averageAccuracy()),
                        Numbers.score(matrix.backwardTransfer()),
                        Numbers.score(matrix.forgetting()));
    }

    /** Count and interval of the newest version's scores. */
    private String intervals() {
        AccuracyMatrix.Row newest =
                matrix.rows().isEmpty() ? null : matrix.rows().get(matrix.rows().size() - 1);
        if (newest == null || newest.cells().stream().allMatch(cell -> cell.interval() == null)) {
            return "";
        }
        TextTable table =
                new TextTable("version " + newest.version(), "score", "95 % from", "to", "examples", "measured");
        newest.cells()
                .forEach(cell -> table.row(
                        cell.task(),
                        Numbers.score(cell.score()),
                        Numbers.score(cell.low()),
                        Numbers.score(cell.high()),
                        cell.examples() == null ? "" : Numbers.count(cell.examples()),
                        cell.proven()
                                ? "by digest, scored when committed"
                                : cell.interval() == null ? "" : "scored, " + cell.interval()));
        return table.toString();
    }

    /** The verdict on each version, and on each earlier task of the newest. */
    private String verdicts() {
        StringBuilder text = new StringBuilder();
        for (AccuracyMatrix.Row row : matrix.rows()) {
            if (row.verdict() != null) {
                text.append("version %d %s: %s%n"
                        .formatted(
                                row.version(),
                                row.verdict().verdict(),
                                row.verdict().reason()));
            }
        }
        return text.toString();
    }

    /** Why scores are missing, a line for each. */
    private String gaps() {
        return matrix.gaps().stream()
                .map(gap -> "version %d, %s: not measured, %s: %s%n"
                        .formatted(gap.version(), gap.task(), gap.code(), gap.reason()))
                .collect(Collectors.joining());
    }

    /** Where a score is over a part of the eval split only, a line for each. */
    private String leftOut() {
        return matrix.leftOut().stream()
                .map(part ->
                        "version %d, %s: %d eval examples left out, maxLength leaves nothing of their completions%n"
                                .formatted(part.version(), part.task(), part.examples()))
                .collect(Collectors.joining());
    }

    private TextTable table() {
        List<String> header = new ArrayList<>(List.of("version"));
        header.addAll(matrix.tasks());
        TextTable table = new TextTable(header);
        for (int row = 0; row < matrix.versions().size(); row++) {
            List<String> cells =
                    new ArrayList<>(List.of(matrix.versions().get(row).toString()));
            matrix.matrix().get(row).forEach(score -> cells.add(Numbers.score(score)));
            table.row(cells);
        }
        return table;
    }
}
