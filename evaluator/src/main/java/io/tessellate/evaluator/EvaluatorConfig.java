package io.tessellate.evaluator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.tessellate.runtime.log.Logging;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Configuration of a process that runs evaluator and dashboard alone: keys below {@code tessellate}. */
@ConfigMapping(prefix = "tessellate")
public interface EvaluatorConfig {
    /** Directory for everything that must survive the process. */
    Path dataDir();

    /** Brokers as host:port, separated by commas. */
    String bootstrapServers();

    /** Address of the schema registry's Confluent API. */
    String schemaRegistryUrl();

    /** Further properties of all Kafka clients, and of the registry's client where they start with schema.registry. */
    Map<String, String> kafka();

    /** What tells this process from others of its kind; stays the same over restarts. */
    @WithDefault("local")
    String instanceId();

    /** Directory of the blob store; default: blobs in the data directory. */
    Optional<Path> blobDir();

    /** Backend of the engine: host or nd4j. */
    @WithDefault("host")
    String backend();

    /** Names of the topics. */
    Topics topics();

    /** The HTTP server of dashboard, reads, health and metrics. */
    Http http();

    /** The log. */
    Log log();

    /** Names of the topics. */
    interface Topics {
        /** Prefix of the internal topics. */
        @WithDefault("tessellate")
        String control();

        /** Prefix of the task topics. */
        @WithDefault("tasks")
        String tasks();
    }

    /** The HTTP server. */
    interface Http {
        /** Address to listen on. */
        @WithDefault("127.0.0.1")
        String host();

        /** Port to listen on; 0: any free one. */
        @WithDefault("8084")
        int port();
    }

    /** The log. */
    interface Log {
        /** PLAIN or JSON. */
        @WithDefault("plain")
        Logging.Format format();
    }
}
