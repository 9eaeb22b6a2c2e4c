package io.tessellate.pipeline.cli;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.pipeline.stack.StackFile;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.kafka.KafkaClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/** A command's connection to a running stack: clients, folds that have caught up, and the blob store. */
final class Connection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaClients clients;
    private final PipelineLogs logs;
    private final BlobStore blobs;

    private Connection(KafkaSettings kafka, Path blobs) {
        this.clients = new KafkaClients(kafka);
        this.logs = new PipelineLogs(clients);
        this.blobs = new DirectoryBlobStore(blobs);
    }

    /** Connects to the configured cluster, else to the stack that runs on the data directory. */
    static Connection open(StackSettings settings) {
        Supplier<Connection> target = settings.external()
                .<Supplier<Connection>>map(kafka -> () -> new Connection(kafka, settings.blobs()))
                .orElseGet(() -> toStack(settings));
        CommonOptions.log(settings, "cli.log");
        Connection connection = target.get();
        try {
            connection.logs.start();
            connection.logs.awaitCaughtUp(PATIENCE);
            return connection;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Fails at once, and leaves no trace, where nothing runs. */
    private static Supplier<Connection> toStack(StackSettings settings) {
        StackFile file = StackFile.running(settings.data())
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNAVAILABLE_DEPENDENCY,
                        "nothing runs on %s; start it with: tessellate up --data-dir %s"
                                .formatted(settings.data(), settings.data())));
        return () -> new Connection(file.kafka("cli"), Path.of(file.blobs()));
    }

    KafkaClients clients() {
        return clients;
    }

    PipelineLogs logs() {
        return logs;
    }

    BlobStore blobs() {
        return blobs;
    }

    @Override
    public void close() {
        logs.close();
        clients.close();
    }
}
