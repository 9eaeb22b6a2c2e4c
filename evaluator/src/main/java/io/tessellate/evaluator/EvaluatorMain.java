package io.tessellate.evaluator;

import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.dashboard.DashboardService;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.config.Configuration;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.HttpSettings;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.lifecycle.Services;
import io.tessellate.runtime.lifecycle.Shutdown;
import io.tessellate.runtime.log.Logging;
import io.tessellate.runtime.metrics.Metrics;
import io.tessellate.topic.TopicNames;
import io.tessellate.topic.TopicProvisioner;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs evaluator and dashboard alone, against a broker and a schema registry that exist. Takes one optional argument, a
 * YAML file; the environment overrules it.
 */
public final class EvaluatorMain {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorMain.class);

    private EvaluatorMain() {}

    /** Runs until the process is asked to end. Exit code 2 for a configuration that is not usable, 1 for a failed start. */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            run(config(arguments)).await();
        } catch (TessellateException e) {
            LOG.error("the evaluator cannot start: {}", e.getMessage(), e);
            System.exit(e.code().exitCode());
        }
    }

    private static EvaluatorConfig config(String[] arguments) {
        Optional<Path> file = arguments.length == 0 ? Optional.empty() : Optional.of(Path.of(arguments[0]));
        return Configuration.load(List.of(EvaluatorConfig.class), file, System.getenv(), Map.of())
                .of(EvaluatorConfig.class);
    }

    private static Shutdown run(EvaluatorConfig config) {
        Logging.toConsole(config.log().format());
        DataDirectory data = new DataDirectory(config.dataDir());
        BlobStore blobs = new DirectoryBlobStore(config.blobDir().orElseGet(() -> data.directory("blobs")));
        KafkaClients clients = new KafkaClients(kafka(config));
        provision(clients);
        Metrics metrics = new Metrics();
        DataDirectory own = new DataDirectory(data.directory("evaluator"));
        var evaluator = new EvaluatorService(clients, blobs, own, config.backend(), Clock.systemUTC(), metrics);
        var dashboard = new DashboardService(clients, blobs);
        HttpSettings where =
                HttpSettings.local(config.http().port()).withHost(config.http().host());
        var http = new HttpApi("http", where, List.of(evaluator, dashboard), metrics, dashboard::routes);
        Services services = new Services("evaluator process", List.of(evaluator, dashboard, http));
        services.start();
        return Shutdown.hook(() -> {
            services.close();
            clients.close();
            metrics.close();
        });
    }

    private static KafkaSettings kafka(EvaluatorConfig config) {
        return new KafkaSettings(
                config.bootstrapServers(),
                config.schemaRegistryUrl(),
                config.kafka(),
                new TopicNames(config.topics().control(), config.topics().tasks()),
                config.instanceId());
    }

    private static void provision(KafkaClients clients) {
        try (Admin admin = clients.admin()) {
            new TopicProvisioner(admin, clients.registry(), clients.topics()).provision();
        }
    }
}
