package io.tessellate.predictor;

import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.predictor.asking.Predictor;
import io.tessellate.predictor.asking.PredictorSettings;
import io.tessellate.predictor.http.PredictionRoutes;
import io.tessellate.predictor.topic.AnswerLog;
import io.tessellate.predictor.topic.PredictedTopics;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.metrics.Metrics;
import java.time.Clock;

/** The predictor as a part of a process: it answers questions to trained tasks. */
public final class PredictorService implements Service {
    private final SharedLogs logs;
    private final Predictor predictor;
    private final PredictedTopics topics;
    private final AnswerLog answers;

    /**
     * A service that is not yet running.
     *
     * @param logs stay the caller's
     * @param data directory of its own, for unpacked base models
     * @param engine shared with all parts of the process that compute
     */
    public PredictorService(
            KafkaClients clients,
            SharedLogs logs,
            BlobStore blobs,
            DataDirectory data,
            ProcessEngine engine,
            Metrics metrics) {
        this.logs = logs;
        this.predictor = Predictor.of(logs, blobs, data, engine, PredictorSettings.USUAL, metrics.registry());
        this.topics = new PredictedTopics(clients, logs, predictor, Clock.systemUTC());
        this.answers = new AnswerLog(clients, metrics.registry(), Clock.systemUTC());
    }

    /** What it shows by HTTP. */
    public PredictionRoutes routes() {
        return new PredictionRoutes(predictor, answers);
    }

    @Override
    public String name() {
        return "predictor";
    }

    @Override
    public void start() {
        logs.registry().start();
        logs.datasets().start();
        predictor.start();
        topics.start();
        answers.start();
    }

    @Override
    public Health health() {
        return predictor
                .health()
                .and(topics.health())
                .and(answers.health())
                .and(logs.registry().health().and(logs.datasets().health()));
    }

    @Override
    public void close() {
        topics.close();
        predictor.close();
        answers.close();
    }
}
