package io.tessellate.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.http.HttpSettings;
import io.tessellate.topic.TopicNames;
import java.nio.file.Path;
import java.util.Map;

/** Configuration of ingest as a process of its own: keys below {@code tessellate}, named as everywhere else. */
@ConfigMapping(prefix = "tessellate")
interface ProcessConfig {
    /** Directory for everything that must survive the process. */
    Path dataDir();

    /** Brokers as host:port,... */
    String bootstrapServers();

    /** Address of the schema registry's Confluent API. */
    String schemaRegistryUrl();

    /** Further properties of all Kafka clients. */
    Map<String, String> kafka();

    /** What tells this process from others of its kind. */
    @WithDefault("ingest")
    String instanceId();

    /** Names of the topics. */
    Topics topics();

    /** Health and metrics. */
    Http http();

    /** Names of the topics. */
    interface Topics {
        /** Prefix of the internal topics. */
        @WithDefault("tessellate")
        String control();

        /** Prefix of the task topics. */
        @WithDefault("tasks")
        String tasks();
    }

    /** Health and metrics. */
    interface Http {
        /** Address to listen on. */
        @WithDefault("127.0.0.1")
        String host();

        /** Port to listen on; 0: any free one. */
        @WithDefault("8090")
        int port();
    }

    /** Broker and registry. */
    default KafkaSettings kafkaSettings() {
        var names = new TopicNames(topics().control(), topics().tasks());
        return new KafkaSettings(bootstrapServers(), schemaRegistryUrl(), kafka(), names, instanceId());
    }

    /** The HTTP server; it has no route that writes. */
    default HttpSettings httpSettings() {
        return HttpSettings.local(http().port()).withHost(http().host());
    }

    /** The data directory. */
    default DataDirectory data() {
        return new DataDirectory(dataDir());
    }
}
