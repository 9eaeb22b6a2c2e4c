package io.tessellate.pipeline.report;

import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Parked;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Registered models. */
public record ModelsReport(List<ModelLine> models) implements Report {
    public ModelsReport {
        models = List.copyOf(models);
    }

    @Override
    public List<Map<String, @Nullable Object>> json() {
        return models.stream().map(ModelsReport::model).toList();
    }

    /** One model as JSON. */
    public static Map<String, @Nullable Object> model(ModelLine line) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("model", line.name().value());
        json.put("baseDigest", line.baseDigest().hex());
        json.put("ownership", ownership(line));
        json.put("forgettingBudget", line.forgettingBudget());
        json.put("version", line.currentVersion());
        json.put("champion", line.champion().isPresent() ? line.champion().getAsInt() : null);
        json.put("eligible", line.space().size());
        json.put("free", line.free());
        json.put("tasks", line.tasks().stream().map(task -> task.task().value()).toList());
        json.put("parked", line.parked().map(ModelsReport::parked).orElse(null));
        return json;
    }

    private static Map<String, @Nullable Object> parked(Parked parked) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        TaskName task = parked.task();
        json.put("code", parked.code().name());
        json.put("reason", parked.reason());
        json.put("task", task == null ? null : task.value());
        json.put("version", parked.version());
        json.put("path", parked.path());
        json.put("since", parked.since().toString());
        return json;
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

    private static String ownership(ModelLine line) {
        return line.ownership().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String text() {
        if (models.isEmpty()) {
            return "no models yet\n";
        }
        TextTable table = new TextTable("model", "ownership", "version", "champion", "eligible", "free", "base");
        for (ModelLine line : models) {
            table.row(
                    line.name().value(),
                    ownership(line),
                    Integer.toString(line.currentVersion()),
                    line.champion().isPresent()
                            ? Integer.toString(line.champion().getAsInt())
                            : "-",
                    Numbers.count(line.space().size()),
                    Numbers.count(line.free()),
                    line.baseDigest().hex().substring(0, 12));
        }
        return table + parked(models);
    }
}
