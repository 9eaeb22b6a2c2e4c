package io.tessellate.pipeline.report;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.OffsetRange;
import io.tessellate.evaluator.view.TrainedRuns.Trained;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.ModelVersion;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.StoredFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a version comes from: each adapter in it with the records it was trained on, down to the offsets of their topic, its recipe, its
 * race, the version it was trained on, and the digests that all of it is known by.
 *
 * @param datasets what each adapter was trained on, as far as ingest's log tells
 * @param trained how, as far as the workers' log tells
 */
record LineageReport(
        ModelLine line,
        ModelVersion version,
        Function<CommittedVersion, Optional<ClosedDataset>> datasets,
        Function<CommittedVersion, Optional<Trained>> trained)
        implements Report {
    private static final int SHORT_DIGEST = 12;

    @Override
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("model", line.name().value());
        json.put("version", version.number());
        json.put("state", line.standing(version.number()).text());
        json.put("digest", line.versionDigest(version.number()).value().hex());
        json.put("builtOn", version.builtOn());
        json.put("committedAt", version.at().toString());
        json.put("baseDigest", line.baseDigest().hex());
        json.put("origin", line.origin());
        json.put(
                "adapters",
                version.holding().commits().stream().map(this::adapter).toList());
        return json;
    }

    private Map<String, @Nullable Object> adapter(CommittedVersion commit) {
        int parent = line.version(commit.number()).builtOn();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", commit.number());
        json.put("task", commit.task().task().value());
        json.put("run", commit.run().value());
        json.put("method", commit.method());
        json.put("owned", commit.owned());
        json.put("trainedOn", parent);
        json.put("parentDigest", line.versionDigest(parent).value().hex());
        json.put("adapter", file(commit.adapter()));
        json.put(
                "certificate",
                commit.certified(commit.task().task())
                        .map(CertifiedTask::sha256)
                        .map(Object::toString)
                        .orElse(null));
        json.put("recipe", commit.recipe());
        json.put("race", commit.race().orElse(null));
        json.put("datasetDigest", commit.datasetDigest().hex());
        json.put("dataset", datasets.apply(commit).map(LineageReport::dataset).orElse(null));
        json.put("training", trained.apply(commit).orElse(null));
        json.put("committedAt", commit.at().toString());
        return json;
    }

    private static Map<String, Object> file(StoredFile file) {
        return Map.of("name", file.name(), "sha256", file.sha256().hex(), "bytes", file.bytes());
    }

    private static Map<String, Object> dataset(ClosedDataset dataset) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("topic", dataset.topic());
        json.put("ranges", dataset.ranges());
        json.put("objective", dataset.manifest().objective().name().toLowerCase(Locale.ROOT));
        json.put("counts", dataset.counts());
        json.put("trainExamples", dataset.trainExamples());
        json.put("evalExamples", dataset.evalExamples());
        return json;
    }

    @Override
    public String text() {
        TextTable table =
                new TextTable("task", "of", "on", "method", "records", "examples", "steps", "adapter", "dataset");
        List<String> notes = new ArrayList<>();
        for (CommittedVersion commit : version.holding().commits()) {
            Optional<ClosedDataset> dataset = datasets.apply(commit);
            table.row(
                    commit.task().task().value(),
                    "v" + commit.number(),
                    "v" + line.version(commit.number()).builtOn(),
                    commit.method(),
                    dataset.map(LineageReport::places).orElse("not in the log any more"),
                    dataset.map(of -> Long.toString(of.trainExamples())).orElse("-"),
                    trained.apply(commit).map(of -> Long.toString(of.steps())).orElse("-"),
                    start(commit.adapter().sha256().hex()),
                    start(commit.datasetDigest().hex()));
            commit.race()
                    .ifPresent(race ->
                            notes.add("%s: race: %s%n".formatted(commit.task().task(), race.text())));
            trained.apply(commit)
                    .filter(of -> !of.leftOut().isEmpty())
                    .ifPresent(of -> notes.add("%s: trained without the records of %s, which are gone%n"
                            .formatted(commit.task().task(), of.leftOut())));
        }
        return "%s version %d, %s, weights %s%n%s%s"
                .formatted(
                        line.name(),
                        version.number(),
                        line.standing(version.number()).text(),
                        start(line.versionDigest(version.number()).value().hex()),
                        table,
                        String.join("", notes));
    }

    /** For example {@code tasks.glue.sst2 0:0-2500, 1:0-2480}: partition, first offset, offset after the last. */
    private static String places(ClosedDataset dataset) {
        List<String> ranges = dataset.ranges().stream()
                .filter(range -> range.from() < range.to())
                .map(LineageReport::place)
                .toList();
        return dataset.topic() + " " + String.join(", ", ranges);
    }

    private static String place(OffsetRange range) {
        return "%d:%d-%d".formatted(range.partition(), range.from(), range.to());
    }

    private static String start(String digest) {
        return digest.substring(0, SHORT_DIGEST);
    }
}
