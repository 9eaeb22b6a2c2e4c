package io.tessellate.pipeline.report;

import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.json.ListedModelJson;
import java.util.List;

/** Registered models. */
public record ModelsReport(List<ModelLine> models) implements Report {
    public ModelsReport {
        models = List.copyOf(models);
    }

    @Override
    public List<ListedModelJson> json() {
        return models.stream().map(ListedModelJson::of).toList();
    }

    /** One line for every model that waits for a person. */
    public static String parked(List<ModelLine> models) {
        StringBuilder text = new StringBuilder();
        for (ModelLine line : models) {
            line.parked()
                    .ifPresent(parked -> text.append("%s is parked since %s: %s [%s]%n"
                            .formatted(line.name(), parked.since(), parked.reason(), parked.code())));
        }
        return text.toString();
    }

    @Override
    public String text() {
        if (models.isEmpty()) {
            return "no models yet\n";
        }
        TextTable table = new TextTable("model", "ownership", "version", "champion", "eligible", "free", "base");
        for (ListedModelJson model : json()) {
            table.row(
                    model.model(),
                    model.ownership(),
                    Integer.toString(model.version()),
                    model.champion() == null ? "-" : Integer.toString(model.champion()),
                    Numbers.count(model.eligible()),
                    Numbers.count(model.free()),
                    model.baseDigest().substring(0, 12));
        }
        return table + parked(models);
    }
}
