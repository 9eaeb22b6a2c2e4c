package io.tessellate.pipeline.report;

import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who owns how many of a model's eligible weights. */
public record MasksReport(ModelLine line) implements Report {
    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", line.name().value());
        json.put("eligible", line.space().size());
        json.put("free", line.free());
        json.put("overlap", line.overlap());
        json.put("tasks", line.versions().stream().map(this::task).toList());
        return json;
    }

    private Map<String, Object> task(CommittedVersion version) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("task", version.task().task().value());
        json.put("method", version.method());
        json.put("owned", version.owned());
        json.put("density", density(version));
        json.put("version", version.number());
        return json;
    }

    private double density(CommittedVersion version) {
        return (double) version.owned() / line.space().size();
    }

    @Override
    public String text() {
        TextTable table = new TextTable("task", "method", "owned", "share");
        for (CommittedVersion version : line.versions()) {
            table.row(
                    version.task().task().value(),
                    version.method(),
                    Numbers.count(version.owned()),
                    Numbers.percent(density(version)));
        }
        table.row(
                "(free)",
                "",
                Numbers.count(line.free()),
                Numbers.percent((double) line.free() / line.space().size()));
        return "%s: %s eligible weights, %s owned by more than one task%n"
                        .formatted(line.name(), Numbers.count(line.space().size()), Numbers.count(line.overlap()))
                + table;
    }
}
