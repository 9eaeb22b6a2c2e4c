package io.tessellate.predictor.asking;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.RecordCounts;
import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.dataset.manifest.FieldNames;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.dataset.manifest.Objective;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.StoredFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Views of tasks of three classes, by name. */
public final class AskedViews {
    private AskedViews() {}

    static Sha256 digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One of no files, told apart by the task's name. */
    public static AskedView of(String task) {
        StoredFile own = new StoredFile(task, digest(task), 1);
        return of(task, digest("base"), List.of(), List.of(own));
    }

    /** The view of a task whose own adapter is the last. */
    static AskedView of(String task, Sha256 base, List<StoredFile> files, List<StoredFile> adapters) {
        return of(task, Objective.CLASSIFICATION, base, files, adapters);
    }

    /** The same of a task of classes or of texts. */
    static AskedView of(
            String task, Objective objective, Sha256 base, List<StoredFile> files, List<StoredFile> adapters) {
        boolean texts = objective == Objective.GENERATION;
        Manifest manifest = new Manifest(
                TaskId.of("bot", task),
                true,
                objective,
                texts ? List.of() : List.of("a", "b", "c"),
                texts ? MetricName.EXACT_MATCH : MetricName.ACCURACY,
                FieldNames.OWN,
                0.1,
                null,
                0,
                null,
                Map.of(),
                Manifest.PROMPT,
                texts ? new Decoding(0, 0, 1, 0, 6) : Decoding.GREEDY,
                Optional.empty(),
                Optional.empty());
        ClosedDataset dataset = new ClosedDataset(
                TaskId.of("bot", task),
                new RunId("run-" + task),
                "tasks.bot." + task,
                List.of(),
                manifest,
                new RecordCounts(0, 0, 0, 0),
                0,
                0,
                digest("data-" + task),
                1000);
        return new AskedView(
                new ModelName("bot"),
                new TaskName(task),
                PredictedView.TASK,
                adapters.size(),
                base,
                files,
                adapters,
                adapters.get(adapters.size() - 1),
                dataset,
                "{}");
    }
}
