package io.tessellate.pipeline.stack;

import io.javalin.config.JavalinConfig;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.evaluator.EvaluatorService;
import io.tessellate.evaluator.alert.AlertDesk;
import io.tessellate.evaluator.dashboard.DashboardService;
import io.tessellate.evaluator.http.AlertRoutes;
import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.ingest.IngestService;
import io.tessellate.pipeline.analysis.DatasetForecasts;
import io.tessellate.pipeline.report.Answers;
import io.tessellate.pipeline.report.StrayTopics;
import io.tessellate.pipeline.rest.ForecastRoutes;
import io.tessellate.pipeline.rest.RemovalRoutes;
import io.tessellate.pipeline.rest.ReportRoutes;
import io.tessellate.pipeline.unused.Removals;
import io.tessellate.predictor.PredictorService;
import io.tessellate.registry.RegistryService;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.metrics.Metrics;
import io.tessellate.worker.WorkerService;
import io.tessellate.worker.WorkerSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the services of a process out of its settings, and makes one anew that has died. */
final class StackServices implements AutoCloseable {
    private final StackSettings settings;
    private final KafkaClients clients;
    private final Metrics metrics;
    private final DirectoryBlobStore blobs;
    /** Lent to all services: each starts what it reads, and a service that is made anew finds the folds as they were. */
    private final SharedLogs shared;

    /** Lent likewise to all that compute. */
    private final ProcessEngine engine;

    /** Only where somebody reads from them, for they hold what they read. */
    private @Nullable PipelineLogs logs;

    private @Nullable AlertDesk desk;
    private @Nullable ForecastRoutes forecasts;
    private final String page;
    /** In the order of their start: those that others read from first. */
    private final List<Replaceable<?>> services = new ArrayList<>();

    private final Map<Replaceable<?>, Consumer<JavalinConfig>> routes = new LinkedHashMap<>();

    /**
     * Services that are not started.
     *
     * @param page where the page will be
     */
    StackServices(StackSettings settings, KafkaClients clients, Metrics metrics, Set<Member> members, String page) {
        this.settings = settings;
        this.clients = clients;
        this.metrics = metrics;
        this.page = page;
        this.blobs = new DirectoryBlobStore(settings.blobs());
        this.shared = SharedLogs.of(clients, Clock.systemUTC());
        this.engine = ProcessEngine.of(settings.backend(), settings.memory());
        for (Member member : Member.values()) {
            if (members.contains(member)) {
                make(member);
            }
        }
    }

    List<Replaceable<?>> services() {
        return services;
    }

    BlobStore blobs() {
        return blobs;
    }

    /** The folds that the evaluator's page is made from; whoever reads starts them. */
    PipelineLogs logs() {
        if (logs == null) {
            throw new IllegalStateException("a process without an evaluator keeps none");
        }
        return logs;
    }

    /** Shows the services' routes beside health and metrics. */
    void routes(JavalinConfig config) {
        routes.values().forEach(add -> add.accept(config));
    }

    /** Whether a service shows something by HTTP, so that the server has to learn of a new one. */
    boolean hasRoutes(Replaceable<?> service) {
        return routes.containsKey(service);
    }

    private void make(Member member) {
        switch (member) {
            case INGEST -> services.add(new Replaceable<>(this::ingest));
            case REGISTRY -> {
                var registry = new Replaceable<>(this::registry);
                services.add(registry);
                routes.put(registry, config -> registry.current().routes().addTo(config));
            }
            case WORKER -> services.add(new Replaceable<>(this::worker));
            case EVALUATOR -> {
                PipelineLogs read = new PipelineLogs(clients, shared);
                logs = read;
                var evaluator = new Replaceable<>(() -> evaluator(read));
                services.add(evaluator);
                ForecastRoutes asked = new ForecastRoutes(new DatasetForecasts(
                        clients,
                        read,
                        blobs,
                        new DataDirectory(settings.data().directory("forecasts")),
                        engine,
                        () -> evaluator.current().analyses()));
                forecasts = asked;
                routes.put(evaluator, config -> {
                    evaluator.current().routes().addTo(config);
                    asked.addTo(config);
                });
                dashboard(read);
            }
            case PREDICTOR -> {
                var predictor = new Replaceable<>(this::predictor);
                services.add(predictor);
                routes.put(predictor, config -> predictor.current().routes().addTo(config));
            }
        }
    }

    private void dashboard(PipelineLogs read) {
        desk = new AlertDesk(clients, read.alerts(), Clock.systemUTC());
        AlertDesk acts = desk;
        Removals removals = new Removals(
                clients, blobs, settings.data().root().resolve("worker").resolve("runs"), read, Clock.systemUTC());
        var dashboard = new Replaceable<>(() -> new DashboardService(clients, read, blobs));
        services.add(dashboard);
        routes.put(dashboard, config -> {
            dashboard.current().routes(config);
            new AlertRoutes(acts).addTo(config);
            new RemovalRoutes(removals).addTo(config);
            new ReportRoutes(read, new Answers(read, blobs, () -> StrayTopics.of(clients))).addTo(config);
        });
    }

    private IngestService ingest() {
        return new IngestService(clients, shared, settings.ingest(), state("ingest"), metrics);
    }

    private RegistryService registry() {
        return new RegistryService(clients, shared.registry(), blobs, state("mask-registry"), metrics);
    }

    private WorkerService worker() {
        DataDirectory own = new DataDirectory(settings.data().directory("worker"));
        return new WorkerService(
                clients, shared, blobs, WorkerSettings.of(own, settings.lanes()), engine, Clock.systemUTC());
    }

    private EvaluatorService evaluator(PipelineLogs read) {
        DataDirectory own = new DataDirectory(settings.data().directory("evaluator"));
        return new EvaluatorService(
                clients, read, blobs, own, engine, settings.evaluator().withPage(page), Clock.systemUTC(), metrics);
    }

    private PredictorService predictor() {
        DataDirectory own = new DataDirectory(settings.data().directory("predictor"));
        return new PredictorService(clients, shared, blobs, own, engine, metrics);
    }

    private Path state(String service) {
        return settings.data().directory("streams").resolve(service);
    }

    /** Ends what was lent to the services, once these have ended. */
    @Override
    public void close() {
        if (forecasts != null) {
            forecasts.close();
        }
        if (desk != null) {
            desk.close();
        }
        if (logs != null) {
            logs.close();
        }
        shared.close();
    }
}
