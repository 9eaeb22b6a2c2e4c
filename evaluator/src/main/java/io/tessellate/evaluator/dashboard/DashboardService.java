package io.tessellate.evaluator.dashboard;

import io.javalin.config.JavalinConfig;
import io.tessellate.evaluator.view.DeadLetterBook;
import io.tessellate.evaluator.view.DeadLetterTail;
import io.tessellate.evaluator.view.OwnershipBook;
import io.tessellate.evaluator.view.OwnershipTail;
import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.lifecycle.Borrowed;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.lifecycle.Services;
import java.util.List;

/**
 * The dashboard as a part of a process: reads the topics and answers on the routes it adds to the process's server. It
 * keeps no state of its own; any number may run.
 */
public final class DashboardService implements Service {
    private final Services services;
    private final Dashboard dashboard;

    /**
     * A dashboard that has not begun to read.
     *
     * @param logs the folds behind the page; they stay the caller's
     */
    public DashboardService(KafkaClients clients, PipelineLogs logs, BlobStore blobs) {
        var ownership = new OwnershipBook(blobs);
        var deadLetters = new DeadLetterBook();
        services = new Services(
                "dashboard",
                List.of(
                        new Borrowed(logs),
                        new DeadLetterTail(clients, deadLetters),
                        new OwnershipTail(logs, ownership)));
        dashboard = new Dashboard(new DashboardSources(
                logs.tasks(),
                logs.matrices(),
                logs.lineage(),
                logs::lineageRevision,
                ownership,
                logs.alerts().book(),
                logs.live(),
                deadLetters));
    }

    /** Adds the page and its reads to a server. */
    public void routes(JavalinConfig config) {
        dashboard.routes(config);
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
        dashboard.close();
        services.close();
    }
}
