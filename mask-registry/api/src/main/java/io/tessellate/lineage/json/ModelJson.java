package io.tessellate.lineage.json;

import io.tessellate.lineage.ModelLine;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A model in JSON. */
public record ModelJson(
        String model,
        String baseDigest,
        String digest,
        String ownership,
        double forgettingBudget,
        int version,
        @Nullable Integer champion,
        List<Integer> quarantined,
        long eligible,
        long owned,
        long free,
        List<String> tasks,
        List<FileJson> files,
        @Nullable ParkedJson parked) {
    public static ModelJson of(ModelLine line) {
        return new ModelJson(
                line.name().value(),
                line.baseDigest().hex(),
                line.versionDigest(line.currentVersion()).value().hex(),
                line.ownership().name().toLowerCase(Locale.ROOT),
                line.forgettingBudget(),
                line.currentVersion(),
                line.champion().isPresent() ? line.champion().getAsInt() : null,
                line.quarantined().stream().sorted().toList(),
                line.space().size(),
                line.owned(),
                line.free(),
                line.tasks().stream().map(task -> task.task().value()).toList(),
                line.files().stream().map(FileJson::of).toList(),
                ParkedJson.of(line));
    }
}
