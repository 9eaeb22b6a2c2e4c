package io.tessellate.pipeline.push;

import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.dataset.manifest.ManifestValidation;
import io.tessellate.dataset.manifest.RecipeText;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskManifest;
import io.tessellate.event.TaskReady;
import io.tessellate.registry.client.DatasetIndex;
import io.tessellate.registry.client.DatasetLog;
import java.time.Duration;
import java.util.Optional;

/** The datasets that are closed already, so that none is sent twice. */
public final class KnownDatasets {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DatasetIndex closed;

    private KnownDatasets(DatasetIndex closed) {
        this.closed = closed;
    }

    /** Waits for what ingest has said so far. */
    public static KnownDatasets read(DatasetLog log) {
        log.awaitCaughtUp(PATIENCE);
        return new KnownDatasets(log.datasets());
    }

    /**
     * Whether this very dataset was closed under this name before.
     *
     * @throws TessellateException TASK_CLOSED if the name was closed with other data, recipe, metric or decoding
     */
    public boolean contains(LocalDataset dataset) {
        TaskReady known = closed.newest(dataset.task()).orElse(null);
        if (known == null) {
            return false;
        }
        difference(known, dataset).ifPresent(what -> {
            throw new TessellateException(
                    ErrorCode.TASK_CLOSED,
                    "%s was closed with other %s; its result stands. Use another task name"
                            .formatted(dataset.task(), what));
        });
        return true;
    }

    private static Optional<String> difference(TaskReady known, LocalDataset dataset) {
        TaskManifest before = known.getManifest();
        TaskManifest now = dataset.manifest();
        if (!known.getDatasetDigest().equals(dataset.digest().hex())) {
            return Optional.of("data");
        }
        if (!RecipeText.of(before.getRecipe()).equals(RecipeText.of(now.getRecipe()))) {
            return Optional.of("recipe");
        }
        if (!ManifestValidation.metric(before).equals(ManifestValidation.metric(now))) {
            return Optional.of("metric");
        }
        boolean sameDecoding = Decoding.of(before.getDecoding()).equals(Decoding.of(now.getDecoding()));
        return sameDecoding ? Optional.empty() : Optional.of("decoding");
    }
}
