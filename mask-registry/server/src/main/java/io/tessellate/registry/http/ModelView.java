package io.tessellate.registry.http;

import io.tessellate.lineage.ModelLine;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A model in JSON. */
record ModelView(
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
        List<FileView> files,
        @Nullable ParkedView parked) {
    static ModelView of(ModelLine line) {
        return new ModelView(
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
                line.files().stream().map(FileView::of).toList(),
                ParkedView.of(line));
    }
}
