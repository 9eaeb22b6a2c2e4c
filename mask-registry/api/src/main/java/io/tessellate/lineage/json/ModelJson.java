package io.tessellate.lineage.json;

import io.tessellate.lineage.ModelLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model in JSON, with everything that is known of it. */
public record ModelJson(
        String model,
        String baseDigest,
        String digest,
        String ownership,
        double forgettingBudget,
        RulesJson rules,
        int version,
        int parent,
        @Nullable Integer champion,
        List<Integer> quarantined,
        long eligible,
        long owned,
        long free,
        List<String> tasks,
        List<FileJson> files,
        @Nullable ParkedJson parked) {
    /** Of a model as it stands. */
    public static ModelJson of(ModelLine line) {
        return new ModelJson(
                line.name().value(),
                line.baseDigest().hex(),
                line.versionDigest(line.parent()).value().hex(),
                ListedModelJson.ownership(line),
                line.forgettingBudget(),
                RulesJson.of(line),
                line.currentVersion(),
                line.parent(),
                ListedModelJson.champion(line),
                line.quarantined(),
                line.space().size(),
                line.owned(),
                line.free(),
                ListedModelJson.tasks(line),
                line.files().stream().map(FileJson::of).toList(),
                ParkedJson.of(line));
    }
}
