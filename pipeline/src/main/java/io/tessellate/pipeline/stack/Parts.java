package io.tessellate.pipeline.stack;

import io.javalin.config.JavalinConfig;
import io.tessellate.ingest.IngestService;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.metrics.Metrics;
import io.tessellate.worker.WorkerService;
import io.tessellate.worker.WorkerSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Makes the services of a process out of its settings. */
final class Parts {
    private final StackSettings settings;
    private final KafkaClients clients;
    private final Metrics metrics;
    private final BlobStore blobs;

    Parts(StackSettings settings, KafkaClients clients, Metrics metrics) {
        this.settings = settings;
        this.clients = clients;
        this.metrics = metrics;
        this.blobs = new DirectoryBlobStore(settings.blobs());
    }

    /** All services, those that others read from first. */
    List<Service> all() {
        return List.of(ingest(), worker());
    }

    /** What the HTTP server shows beside health and metrics. */
    void routes(JavalinConfig config) {
    }

    BlobStore blobs() {
        return blobs;
    }

    Service ingest() {
        return new IngestService(
                clients.settings(), clients.topics(), clients.serdes(), settings.ingest(), state("ingest"), metrics);
    }

    Service worker() {
        DataDirectory own = new DataDirectory(settings.data().directory("worker"));
        return new WorkerService(
                clients, blobs, WorkerSettings.of(own, settings.backend()), Clock.systemUTC());
    }

    private Path state(String service) {
        return settings.data().directory("streams").resolve(service);
    }
}
