package io.tessellate.lineage.json;

import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.recipe.RaceResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model's versions in JSON, oldest first. */
public record VersionsJson(String model, @Nullable Integer champion, List<Version> versions) {
    /** Of a model as it stands. */
    public static VersionsJson of(ModelLine line) {
        return new VersionsJson(
                line.name().value(),
                ListedModelJson.champion(line),
                line.versions().stream()
                        .map(version -> Version.of(line, version))
                        .toList());
    }

    /** One version: what was committed, and how it was judged. */
    record Version(
            int version,
            String digest,
            String task,
            String run,
            String method,
            long owned,
            long overlap,
            FileJson adapter,
            String recipe,
            String datasetDigest,
            String state,
            String committedAt,
            @Nullable RaceResult race) {
        static Version of(ModelLine line, CommittedVersion version) {
            return new Version(
                    version.number(),
                    line.versionDigest(version.number()).value().hex(),
                    version.task().task().value(),
                    version.run().value(),
                    version.method(),
                    version.owned(),
                    version.overlap(),
                    FileJson.of(version.adapter()),
                    version.recipe(),
                    version.datasetDigest().hex(),
                    line.standing(version.number()).text(),
                    version.at().toString(),
                    version.race().orElse(null));
        }
    }
}
