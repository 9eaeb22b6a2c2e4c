package io.tessellate.ingest;

import io.tessellate.error.TessellateException;
import io.tessellate.runtime.config.Configuration;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.lifecycle.Services;
import io.tessellate.runtime.lifecycle.Shutdown;
import io.tessellate.runtime.log.Logging;
import io.tessellate.runtime.metrics.Metrics;
import io.tessellate.topic.TopicProvisioner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ingest as a process of its own: {@code IngestMain [configuration.yaml]}, or everything by the environment. */
public final class IngestMain {
    private static final Logger LOG = LoggerFactory.getLogger(IngestMain.class);

    private IngestMain() {}

    /** Runs until the process is asked to end. */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            run(Optional.of(arguments).filter(given -> given.length > 0).map(given -> Path.of(given[0])));
        } catch (TessellateException e) {
            LOG.error("{}: {}", e.code(), e.getMessage());
            System.exit(e.code().exitCode());
        }
    }

    private static void run(Optional<Path> file) throws InterruptedException {
        Configuration configuration =
                Configuration.load(List.of(ProcessConfig.class, IngestConfig.class), file, System.getenv(), Map.of());
        ProcessConfig process = configuration.of(ProcessConfig.class);
        Logging.toFile(process.data().file("ingest.log"), Logging.Format.JSON);
        var metrics = new Metrics();
        var clients = new KafkaClients(process.kafkaSettings());
        Services services =
                services(process, configuration.of(IngestConfig.class).settings(), clients, metrics);
        Shutdown shutdown = Shutdown.hook(() -> {
            services.close();
            clients.close();
            metrics.close();
        });
        try (Admin admin = clients.admin()) {
            new TopicProvisioner(admin, clients.registry(), clients.topics()).provision();
        }
        services.start();
        shutdown.await();
    }

    private static Services services(
            ProcessConfig process, IngestSettings settings, KafkaClients clients, Metrics metrics) {
        Path state = process.data().directory("streams").resolve("ingest");
        var ingest =
                new IngestService(clients.settings(), clients.topics(), clients.serdes(), settings, state, metrics);
        var http = new HttpApi("ingest-http", process.httpSettings(), List.of(ingest), metrics, routes -> {});
        return new Services("ingest", List.of(ingest, http));
    }
}
