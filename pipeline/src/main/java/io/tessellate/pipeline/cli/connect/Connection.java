package io.tessellate.pipeline.cli.connect;

import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.kafka.KafkaClients;
import java.nio.file.Path;
import java.time.Duration;

/** A command's connection to a running stack: clients, folds that have caught up, and the blob store. */
public final class Connection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaClients clients;
    private final PipelineLogs logs;
    private final BlobStore blobs;

    Connection(KafkaSettings kafka, Path blobs) {
        this.clients = new KafkaClients(kafka);
        this.logs = new PipelineLogs(clients);
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

    public KafkaClients clients() {
        return clients;
    }

    public PipelineLogs logs() {
        return logs;
    }

    public BlobStore blobs() {
        return blobs;
    }

    @Override
    public void close() {
        logs.close();
        clients.close();
    }
}
