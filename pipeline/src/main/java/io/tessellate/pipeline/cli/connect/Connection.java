package io.tessellate.pipeline.cli.connect;

import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.registry.client.DatasetLog;
import io.tessellate.registry.client.RegistryClient;
import io.tessellate.registry.client.RunLog;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.blob.BlobInventory;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.kafka.KafkaClients;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** A command's connection to a running stack: clients, folds that have caught up, and the blob store. */
public final class Connection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaClients clients;
    private final SharedLogs shared;
    private final PipelineLogs logs;
    private final DirectoryBlobStore blobs;

    Connection(KafkaSettings kafka, Path blobs) {
        this.clients = new KafkaClients(kafka);
        this.shared = SharedLogs.of(clients, Clock.systemUTC());
        this.logs = new PipelineLogs(clients, shared);
        this.blobs = new DirectoryBlobStore(blobs);
    }

    /** Connects, and reads everything that is there. */
    public static Connection open(Target target) {
        Connection connection = target.connect();
        try {
            connection.logs.start();
            connection.logs.awaitCaughtUp(PATIENCE);
            return connection;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Clients of its broker and schema registry. */
    public KafkaClients clients() {
        return clients;
    }

    /** The folds of its topics. */
    public PipelineLogs logs() {
        return logs;
    }

    /** The mask registry, to be asked. */
    public RegistryClient registry() {
        return shared.registry();
    }

    /** What ingest said of the datasets. */
    public DatasetLog datasets() {
        return shared.datasets();
    }

    /** Its blob store. */
    public BlobStore blobs() {
        return blobs;
    }

    /** The same store, to be looked through. */
    public BlobInventory inventory() {
        return blobs;
    }

    /** What workers said of their runs. */
    public RunLog runs() {
        return shared.runs();
    }

    @Override
    public void close() {
        logs.close();
        shared.close();
        clients.close();
    }
}
