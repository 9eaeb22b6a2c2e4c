package io.tessellate.pipeline.push;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.ClosedDatasetCodec;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.id.TaskId;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The datasets that are closed already, so that none is sent twice. */
public final class KnownDatasets {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<TaskId, ClosedDataset> closed = new ConcurrentHashMap<>();

    private KnownDatasets() {}

    /** Reads what ingest has said so far. */
    public static KnownDatasets read(KafkaClients clients) {
        KnownDatasets known = new KnownDatasets();
        try (LogTail<TaskEvent> tail =
                new LogTail<>(clients, clients.topics().tasks(), entry -> known.apply(entry.value()))) {
            tail.start();
            tail.awaitCaughtUp(PATIENCE);
        }
        return known;
    }

    private void apply(TaskEvent event) {
        ClosedDatasetCodec.fromAvro(event).ifPresent(dataset -> closed.put(dataset.task(), dataset));
    }

    /**
     * Whether this very dataset was closed under this name before.
     *
     * @throws TessellateException TASK_CLOSED if the name was closed with other data, recipe, metric or decoding
     */
    public boolean contains(LocalDataset dataset) {
        ClosedDataset known = closed.get(dataset.task());
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
