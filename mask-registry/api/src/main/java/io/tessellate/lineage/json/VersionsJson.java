package io.tessellate.lineage.json;

import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.ModelVersion;
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

    /** One version: what was committed, and how it was judged. One that was composed of adapters that were there has none of its own. */
    record Version(
            int version,
            String digest,
            int builtOn,
            List<Integer> holds,
            List<String> tasks,
            @Nullable String task,
            @Nullable String run,
            @Nullable String method,
            @Nullable Long owned,
            @Nullable Long overlap,
            @Nullable FileJson adapter,
            @Nullable String recipe,
            @Nullable String datasetDigest,
            String state,
            String committedAt,
            @Nullable RaceResult race) {
        static Version of(ModelLine line, ModelVersion version) {
            CommittedVersion commit = version.trained();
            return new Version(
                    version.number(),
                    line.versionDigest(version.number()).value().hex(),
                    version.builtOn(),
                    version.holding().numbers(),
                    version.holding().taskNames().stream().map(TaskName::value).toList(),
                    commit == null ? null : commit.task().task().value(),
                    commit == null ? null : commit.run().value(),
                    commit == null ? null : commit.method(),
                    commit == null ? null : commit.owned(),
                    commit == null ? null : commit.overlap(),
                    commit == null ? null : FileJson.of(commit.adapter()),
                    commit == null ? null : commit.recipe(),
                    commit == null ? null : commit.datasetDigest().hex(),
                    line.standing(version.number()).text(),
                    version.at().toString(),
                    version.commit().flatMap(CommittedVersion::race).orElse(null));
        }
    }
}
