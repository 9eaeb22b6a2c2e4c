package io.tessellate.registry;

import io.tessellate.error.TessellateException;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the mask registry alone, against a broker and a schema registry that exist. Takes one optional argument, a YAML file;
 * the environment overrules it.
 */
public final class RegistryMain {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryMain.class);

    private RegistryMain() {}

    /** Runs until the process is asked to end. Exit code 2 for a configuration that is not usable, 1 for a failed start. */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            run(config(arguments)).await();
        } catch (TessellateException e) {
            LOG.error("the mask registry cannot start: {}", e.getMessage(), e);
            System.exit(e.code().exitCode());
        }
    }

    private static RegistryConfig config(String[] arguments) {
        Optional<Path> file = arguments.length == 0 ? Optional.empty() : Optional.of(Path.of(arguments[0]));
        return Configuration.load(List.of(RegistryConfig.class), file, System.getenv(), Map.of())
                .of(RegistryConfig.class);
    }

    private static Shutdown run(RegistryConfig config) {
        Logging.toConsole(config.log().format());
        DataDirectory data = new DataDirectory(config.dataDir());
        KafkaClients clients = new KafkaClients(kafka(config));
        provision(clients);
        Metrics metrics = new Metrics();
        Path blobs = config.blobDir().orElseGet(() -> data.directory("blobs"));
        RegistryService registry = new RegistryService(
                clients,
                new DirectoryBlobStore(blobs),
                data.directory("streams").resolve("mask-registry"),
                metrics);
        HttpSettings where =
                HttpSettings.local(config.http().port()).withHost(config.http().host());
        HttpApi http = new HttpApi("http", where, List.of(registry), metrics, registry.routes()::addTo);
        Services services = new Services("mask registry", List.of(registry, http));
        services.start();
        return Shutdown.hook(() -> {
            services.close();
            clients.close();
            metrics.close();
        });
    }

    private static KafkaSettings kafka(RegistryConfig config) {
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
