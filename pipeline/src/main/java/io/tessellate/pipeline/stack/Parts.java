package io.tessellate.pipeline.stack;

import io.javalin.config.JavalinConfig;
import io.tessellate.evaluator.EvaluatorService;
import io.tessellate.evaluator.dashboard.DashboardService;
import io.tessellate.ingest.IngestService;
import io.tessellate.registry.RegistryService;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Makes the services of a process out of its settings. */
final class Parts {
    private final StackSettings settings;
    private final KafkaClients clients;
    private final Metrics metrics;
    private final BlobStore blobs;
    private final List<Consumer<JavalinConfig>> routes = new ArrayList<>();

    Parts(StackSettings settings, KafkaClients clients, Metrics metrics) {
        this.settings = settings;
        this.clients = clients;
        this.metrics = metrics;
        this.blobs = new DirectoryBlobStore(settings.blobs());
    }

    /** The services in the order of their start: those that others read from first. */
    List<Service> make(Set<Member> members) {
        List<Service> services = new ArrayList<>();
        for (Member member : Member.values()) {
            if (members.contains(member)) {
                services.addAll(services(member));
            }
        }
        return services;
    }

    /** Shows a service's routes beside health and metrics. */
    void routes(JavalinConfig config) {
        routes.forEach(add -> add.accept(config));
    }

    private List<Service> services(Member member) {
        return switch (member) {
            case INGEST -> List.of(ingest());
            case REGISTRY -> List.of(registry());
            case WORKER -> List.of(worker());
            case EVALUATOR -> List.of(evaluator(), dashboard());
        };
    }

    private Service registry() {
        RegistryService registry = new RegistryService(clients, blobs, state("mask-registry"), metrics);
        routes.add(config -> registry.routes().addTo(config));
        return registry;
    }

    BlobStore blobs() {
        return blobs;
    }

    private Service ingest() {
        return new IngestService(clients, settings.ingest(), state("ingest"), metrics);
    }

    private Service worker() {
        DataDirectory own = new DataDirectory(settings.data().directory("worker"));
        return new WorkerService(
                clients, blobs, WorkerSettings.of(own, settings.backend(), settings.lanes()), Clock.systemUTC());
    }

    private Service evaluator() {
        DataDirectory own = new DataDirectory(settings.data().directory("evaluator"));
        return new EvaluatorService(clients, blobs, own, settings.backend(), Clock.systemUTC(), metrics);
    }

    private Service dashboard() {
        DashboardService dashboard = new DashboardService(clients, blobs);
        routes.add(dashboard::routes);
        return dashboard;
    }

    private Path state(String service) {
        return settings.data().directory("streams").resolve(service);
    }
}
