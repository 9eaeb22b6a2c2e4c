package io.tessellate.lineage.json;

import io.tessellate.lineage.ModelLine;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A model in JSON, as it stands in a list of models. */
public record ListedModelJson(
        String model,
        String baseDigest,
        String ownership,
        double forgettingBudget,
        RulesJson rules,
        int version,
        @Nullable Integer champion,
        List<Integer> quarantined,
        long eligible,
        long free,
        List<String> tasks,
        @Nullable ParkedJson parked) {
    /** Of a model as it stands. */
    public static ListedModelJson of(ModelLine line) {
        return new ListedModelJson(
                line.name().value(),
                line.baseDigest().hex(),
                ownership(line),
                line.forgettingBudget(),
                RulesJson.of(line),
                line.currentVersion(),
                champion(line),
                line.quarantined(),
                line.space().size(),
                line.free(),
                tasks(line),
                ParkedJson.of(line));
    }

    static String ownership(ModelLine line) {
        return line.ownership().name().toLowerCase(Locale.ROOT);
    }

    static @Nullable Integer champion(ModelLine line) {
        return line.champion().isPresent() ? line.champion().getAsInt() : null;
    }

    static List<String> tasks(ModelLine line) {
        return line.tasks().stream().map(task -> task.task().value()).toList();
    }
}
