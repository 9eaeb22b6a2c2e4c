package io.tessellate.pipeline.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.report.TextTable;
import io.tessellate.text.NumberText;
import java.util.Locale;

/** What tasks scored before they were learnt, and how far they stayed below a bound, as the stack found it. */
public record TransferReport(JsonNode found) implements Report {
    @Override
    public Object json() {
        return found;
    }

    @Override
    public String text() {
        return heading() + "\n" + table() + "\n" + undefined() + formulas();
    }

    private String heading() {
        JsonNode forward = found.path("forwardTransfer");
        return forward.isNull()
                ? "%s, version %d: forward transfer is defined for none of its tasks behind the first%n"
                        .formatted(
                                found.path("model").asText(),
                                found.path("version").asInt())
                : "%s, version %d: FWT %s over %d of %d tasks behind the first%n"
                        .formatted(
                                found.path("model").asText(),
                                found.path("version").asInt(),
                                NumberText.signed(forward.asDouble(), 4),
                                found.path("over").asInt(),
                                found.path("of").asInt());
    }

    private String table() {
        TextTable table = new TextTable(
                "task",
                "step",
                "metric",
                "examples",
                "base",
                "before",
                "95 %",
                "FWT",
                "p",
                "learnt",
                "bound",
                "intransigence");
        found.path("tasks").forEach(task -> row(table, task));
        return table.toString();
    }

    private static void row(TextTable table, JsonNode task) {
        JsonNode before = task.path("before");
        boolean defined = before.isObject();
        table.row(
                task.path("task").asText(),
                task.path("committedAs").asText(),
                task.path("metric").asText(),
                TextTable.count(task.path("examples").asLong()),
                score(task.path("untrained").path("score")),
                score(before.path("score")),
                defined ? "[%s, %s]".formatted(score(before.path("low")), score(before.path("high"))) : "-",
                defined ? NumberText.signed(before.path("difference").asDouble(), 3) : "-",
                defined ? String.format(Locale.ROOT, "%.3g", before.path("p").asDouble()) : "-",
                score(task.path("learnt").path("score")),
                score(task.path("bound")),
                score(task.path("intransigence")));
    }

    private static String score(JsonNode value) {
        return TextTable.score(value.isNumber() ? Double.valueOf(value.asDouble()) : null);
    }

    private String undefined() {
        StringBuilder text = new StringBuilder();
        for (JsonNode task : found.path("tasks")) {
            if (task.path("undefined").isTextual()) {
                text.append("%s has no forward transfer: %s%n"
                        .formatted(
                                task.path("task").asText(),
                                task.path("undefined").asText()));
            }
        }
        return text.toString();
    }

    private String formulas() {
        StringBuilder text = new StringBuilder();
        found.path("formulas").forEach(formula -> text.append(formula.asText()).append('\n'));
        return text.append("%d scorings%n".formatted(found.path("scorings").asInt()))
                .toString();
    }
}
