package io.tessellate.pipeline.stack;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.tessellate.evaluator.scoring.TaskViewMode;
import io.tessellate.runtime.log.Logging;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configuration of a process: keys below {@code tessellate}. */
@ConfigMapping(prefix = "tessellate")
public interface StackConfig {
    /** Directory for everything that must survive the process. */
    Optional<Path> dataDir();

    /** Brokers of an existing cluster; without it one is embedded. */
    Optional<String> bootstrapServers();

    /** Address of an existing schema registry's Confluent API; without it one is started as a child process. */
    Optional<String> schemaRegistryUrl();

    /** Further properties of all Kafka clients, and of the registry's client where they start with schema.registry. */
    Map<String, String> kafka();

    /** What tells this process from others of its kind; default: a name that is made for the data directory, once. */
    Optional<String> instanceId();

    /** Directory of the blob store; default: blobs in the data directory. */
    Optional<Path> blobDir();

    /**
     * Backend of the engine: host, torch:cpu, torch:cuda, torch:cuda:N, nd4j; auto (torch:cuda if it opens, else host) or
     * nd4j-or-cpu (a GPU that ND4J supports if there is one, else host).
     */
    @WithDefault("host")
    String backend();

    /** The training worker. */
    Worker worker();

    /** The evaluator. */
    Evaluator evaluator();

    /** Names of the topics. */
    Topics topics();

    /** The embedded broker. */
    Embedded broker();

    /** The embedded schema registry. */
    Registry registry();

    /** The HTTP server of dashboard, REST, health and metrics. */
    Http http();

    /** The log. */
    Log log();

    /** The Hugging Face Hub. */
    Hub hub();

    /** Names of the topics. */
    interface Topics {
        /** Prefix of the internal topics. */
        @WithDefault("tessellate")
        String control();

        /** Prefix of the task topics. */
        @WithDefault("tasks")
        String tasks();
    }

    /** The training worker. */
    interface Worker {
        /** How many parallel tasks it trains at the same time. */
        @WithDefault("1")
        int lanes();

        /**
         * Most memory that trainings may be planned with, for example 16GB; default: what the machine, its container or the
         * GPU has.
         */
        Optional<String> memory();
    }

    /** The evaluator. */
    interface Evaluator {
        /**
         * Which task views of earlier tasks are scored at a new version, beside the digests of all: always, sampled (one, in turn) or
         * digests (none).
         */
        @WithDefault("sampled")
        TaskViewMode taskView();
    }

    /** A part that listens. */
    interface Embedded {
        /** Port to listen on; 0: the one of last time, else any free one. */
        @WithDefault("0")
        int port();
    }

    /** The embedded schema registry. */
    interface Registry extends Embedded {
        /** Directory of an unpacked Apicurio Registry. */
        Optional<Path> home();
    }

    /** The HTTP server. */
    interface Http extends Embedded {
        /** Address to listen on. */
        @WithDefault("127.0.0.1")
        String host();

        /** Names beside localhost and its addresses under which it may be asked; * for any. */
        Optional<List<String>> hosts();
    }

    /** The Hugging Face Hub. */
    interface Hub {
        /** Its address; default: HF_ENDPOINT, else https://huggingface.co. */
        Optional<String> endpoint();
    }

    /** The log. */
    interface Log {
        /** PLAIN or JSON. */
        @WithDefault("plain")
        Logging.Format format();
    }
}
