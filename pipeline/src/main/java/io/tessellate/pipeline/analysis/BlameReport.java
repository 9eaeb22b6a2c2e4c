package io.tessellate.pipeline.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.report.TextTable;
import io.tessellate.text.NumberText;
import java.util.Locale;

/** Who a drop comes from, as the stack found it. */
public record BlameReport(JsonNode found) implements Report {
    @Override
    public Object json() {
        return found;
    }

    @Override
    public String text() {
        return found.path("says").asText() + "\n" + views() + adapters() + layers() + narrowings() + footer();
    }

    private String views() {
        TextTable table = new TextTable("view", "score", "95 %", "difference", "lost", "won", "p");
        JsonNode own = found.path("own");
        JsonNode union = found.path("union");
        table.row("own, version " + found.path("committedAs").asInt(), score(own), interval(own), "", "", "", "");
        table.row(
                "union, version %d (%s)"
                        .formatted(
                                found.path("version").asInt(),
                                found.path("standing").asText()),
                score(union),
                interval(union),
                signed(union.path("difference").asDouble()),
                union.path("lost").asText(),
                union.path("won").asText(),
                p(union.path("p")));
        return "\n" + table;
    }

    private String adapters() {
        if (found.path("adapters").isEmpty()) {
            return "";
        }
        TextTable table = new TextTable(
                "adapter",
                "version",
                "owned",
                "union without",
                "95 %",
                "regained",
                "p",
                "own with",
                "95 %",
                "cost",
                "p",
                "effect");
        found.path("adapters").forEach(adapter -> row(table, adapter));
        String removed = table.toString().contains("(taken out)")
                ? "taken out: 'without' puts it back into the union, 'with' takes it from the own view\n"
                : "";
        return "\n" + table + removed
                + "together, what the effects leave over: %s%n"
                        .formatted(signed(found.path("together").asDouble()));
    }

    private static void row(TextTable table, JsonNode adapter) {
        JsonNode undone = adapter.path("undone");
        JsonNode alone = adapter.path("alone");
        boolean removed = adapter.path("kind").asText().equals("removed");
        table.row(
                adapter.path("task").asText() + (removed ? " (taken out)" : ""),
                adapter.path("version").asText(),
                TextTable.count(adapter.path("owned").asLong()),
                score(undone),
                interval(undone),
                signed(undone.path("difference").asDouble()),
                p(undone.path("corrected")),
                score(alone),
                interval(alone),
                signed(-alone.path("difference").asDouble()),
                p(alone.path("corrected")),
                signed(adapter.path("effect").asDouble()));
    }

    private String layers() {
        if (found.path("layers").isEmpty()) {
            return "";
        }
        TextTable table = new TextTable("layer", "entries", "union without", "95 %", "regained", "p");
        for (JsonNode layer : found.path("layers")) {
            JsonNode undone = layer.path("undone");
            table.row(
                    layer.path("layer").asText(),
                    TextTable.count(layer.path("entries").asLong()),
                    score(undone),
                    interval(undone),
                    signed(undone.path("difference").asDouble()),
                    p(undone.path("corrected")));
        }
        return "\nlayers of %s%n%s".formatted(found.path("culprit").path("task").asText(), table);
    }

    private String narrowings() {
        StringBuilder text = new StringBuilder();
        for (JsonNode step : found.path("narrowings")) {
            text.append("undone together: versions %s regain %s and are looked into, %s regain %s and are not%n"
                    .formatted(
                            step.path("kept"),
                            signed(step.path("regained").asDouble()),
                            step.path("leftOut"),
                            signed(step.path("regainedOtherwise").asDouble())));
        }
        return text.toString();
    }

    private String footer() {
        return "%n%s on %s examples of the eval split, %d scorings (at most %d); intervals: %s; tests: %s, p of adapters and layers by Holm%n"
                .formatted(
                        found.path("metric").asText(),
                        TextTable.count(found.path("examples").asLong()),
                        found.path("scorings").asInt(),
                        found.path("mostScorings").asInt(),
                        found.path("own").path("interval").asText(),
                        found.path("union").path("test").asText());
    }

    private static String score(JsonNode value) {
        return TextTable.score(value.path("score").asDouble());
    }

    private static String interval(JsonNode value) {
        return "[%s, %s]"
                .formatted(
                        TextTable.score(value.path("low").asDouble()),
                        TextTable.score(value.path("high").asDouble()));
    }

    private static String signed(double value) {
        return NumberText.signed(value, 3);
    }

    private static String p(JsonNode value) {
        return String.format(Locale.ROOT, "%.3g", value.asDouble());
    }
}
