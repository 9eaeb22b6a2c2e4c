package io.tessellate.evaluator.scoring;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.event.RegistryEvent;
import io.tessellate.event.TaskEvent;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import java.time.Duration;

/** What the worker has to know about a version before it can score it: its lineage and where its datasets lie. */
final class VersionLog implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Lineage lineage = new Lineage();
    private final DatasetIndex datasets = new DatasetIndex();
    private final LogTail<RegistryEvent> registry;
    private final LogTail<TaskEvent> tasks;

    VersionLog(KafkaClients clients) {
        registry = new LogTail<>(
                clients,
                clients.topics().registry(),
                entry -> lineage.apply(RegistryEventCodec.fromAvro(entry.value())));
        tasks = new LogTail<>(clients, clients.topics().tasks(), entry -> datasets.apply(entry.value()));
    }

    void start() {
        registry.start();
        tasks.start();
    }

    DatasetIndex datasets() {
        return datasets;
    }

    /** The model once the folds know the version, and what was closed before it; retriable if that takes too long. */
    ModelLine await(ModelName model, int version) {
        if (!registry.await(() -> has(model, version), PATIENCE)) {
            throw new RetriableException(
                    ErrorCode.NOT_READY, "version %d of %s is not known yet".formatted(version, model));
        }
        // What a version was trained on was closed before it was committed.
        tasks.awaitCaughtUp(PATIENCE);
        return lineage.require(model);
    }

    private boolean has(ModelName model, int version) {
        return lineage.model(model).map(ModelLine::currentVersion).orElse(0) >= version;
    }

    Health health() {
        return registry.health().and(tasks.health());
    }

    @Override
    public void close() {
        registry.close();
        tasks.close();
    }
}
