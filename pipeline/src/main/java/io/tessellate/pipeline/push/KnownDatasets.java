package io.tessellate.pipeline.push;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
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
        ClosedDataset known = closed.newest(dataset.task()).orElse(null);
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

    private static Optional<String> difference(ClosedDataset known, LocalDataset dataset) {
        Manifest before = known.manifest();
        Manifest now = ManifestCodec.fromAvro(dataset.manifest());
        if (!known.digest().equals(dataset.digest())) {
            return Optional.of("data");
        }
        if (!before.recipeText().equals(now.recipeText())) {
            return Optional.of("recipe");
        }
        if (before.metric() != now.metric()) {
            return Optional.of("metric");
        }
        return before.decoding().equals(now.decoding()) ? Optional.empty() : Optional.of("decoding");
    }
}
