package io.tessellate.evaluator;

import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.evaluator.alert.AlertMeters;
import io.tessellate.evaluator.analysis.AnalysisLog;
import io.tessellate.evaluator.analysis.Analyst;
import io.tessellate.evaluator.http.AnalysisRoutes;
import io.tessellate.evaluator.http.HttpSender;
import io.tessellate.evaluator.live.LiveMeters;
import io.tessellate.evaluator.matrix.MatrixMeters;
import io.tessellate.evaluator.scoring.EvaluationWorker;
import io.tessellate.evaluator.scoring.StoredOutcomes;
import io.tessellate.evaluator.scoring.TaskProbes;
import io.tessellate.evaluator.topology.MatrixTopology;
import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.evaluator.webhook.WebhookService;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.kafka.streams.StreamsService;
import io.tessellate.runtime.lifecycle.Borrowed;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.lifecycle.Services;
import io.tessellate.runtime.metrics.Metrics;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Pause;
import io.tessellate.runtime.retry.Retry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The evaluator as a part of a process: the worker that scores every committed version, and the topology that makes
 * complete rows and alerts of the scores. Its topics must have been provisioned before it starts.
 */
public final class EvaluatorService implements Service {
    /** With the schema registry; afterwards Streams starts the task again, and nothing is lost. */
    private static final Retry PATIENCE = new Retry(Backoff.steady(Duration.ofSeconds(1), 16), Pause.ofThread());

    private final Services services;
    private final AnalysisLog analyses;
    private final AnalysisRoutes routes;

    /**
     * A service that is not yet running.
     *
     * @param logs stay the caller's
     * @param data directory of its own, for stores and unpacked base models
     * @param shared with all parts of the process that compute
     * @param settings what it was told
     */
    public EvaluatorService(
            KafkaClients clients,
            PipelineLogs logs,
            BlobStore blobs,
            DataDirectory data,
            ProcessEngine shared,
            EvaluatorSettings settings,
            Clock clock,
            Metrics metrics) {
        var topology = MatrixTopology.build(
                clients.topics(),
                clients.serdes(),
                new StoredOutcomes(blobs),
                settings.live(),
                clients.passedOver(),
                PATIENCE);
        var meters = new MatrixMeters(metrics.registry());
        analyses = new AnalysisLog(clients, blobs, clock);
        routes = new AnalysisRoutes(new Analyst(
                logs.shared(),
                TaskProbes.of(clients, logs.shared(), blobs, data.directory("probed-bases"), shared),
                analyses));
        AlertMeters.of(logs.alerts().book(), metrics.registry());
        new LiveMeters(metrics.registry(), logs.live(), logs.matrices());
        services = new Services(
                "evaluator",
                List.of(
                        new StreamsService(
                                "evaluator",
                                topology,
                                clients.settings(),
                                data.directory("streams"),
                                Map.of(),
                                metrics),
                        new EvaluationWorker(
                                clients, logs.shared(), blobs, data, shared, settings.taskView(), clock, metrics),
                        new Borrowed(logs),
                        new WebhookService(
                                clients,
                                logs.alerts(),
                                settings.alerts(),
                                new HttpSender(settings.alerts().timeout()),
                                metrics.registry()),
                        new LogTail<>(clients, clients.topics().forgetting(), entry -> meters.apply(entry.value()))));
    }

    /** What is asked of it by HTTP. */
    public AnalysisRoutes routes() {
        return routes;
    }

    /** Where what was asked about a model is written down. */
    public AnalysisLog analyses() {
        return analyses;
    }

    @Override
    public String name() {
        return services.name();
    }

    @Override
    public void start() {
        services.start();
    }

    @Override
    public Health health() {
        return services.health();
    }

    @Override
    public void close() {
        routes.close();
        services.close();
        analyses.close();
    }
}
