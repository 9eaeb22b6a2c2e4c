package io.tessellate.pipeline.push;

import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.dataset.manifest.ManifestValidation;
import io.tessellate.dataset.manifest.RecipeText;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskManifest;
import io.tessellate.event.TaskReady;
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

    private final Map<TaskId, TaskReady> ready = new ConcurrentHashMap<>();

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
        if (event.getReady() != null) {
            ready.put(TaskId.of(event.getModel(), event.getTask()), event.getReady());
        }
    }

    /**
     * Whether this very dataset was closed under this name before.
     *
     * @throws TessellateException TASK_CLOSED if the name was closed with other data, recipe, metric or decoding
     */
    public boolean contains(LocalDataset dataset) {
        TaskReady known = ready.get(dataset.task());
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
