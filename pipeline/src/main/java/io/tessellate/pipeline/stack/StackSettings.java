package io.tessellate.pipeline.stack;

import io.tessellate.engine.plan.Bytes;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.EvaluatorSettings;
import io.tessellate.evaluator.live.LiveConfig;
import io.tessellate.evaluator.webhook.AlertsConfig;
import io.tessellate.ingest.IngestConfig;
import io.tessellate.ingest.attempt.IngestSettings;
import io.tessellate.pipeline.broker.Ports;
import io.tessellate.runtime.config.Configuration;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.log.Logging;
import io.tessellate.topic.TopicNames;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a process was told, complete.
 *
 * @param data where it keeps everything
 * @param external broker and schema registry that exist already; empty: both are embedded
 * @param topics names of the topics
 * @param instanceId tells this process from others of its kind, if one was given; else the data directory does
 * @param blobs directory of the blob store
 * @param backend backend of the engine
 * @param lanes how many parallel tasks a worker trains at the same time
 * @param memory most bytes that a worker's trainings may be planned with; {@link Long#MAX_VALUE}: all that there is
 * @param evaluator what the evaluator is told
 * @param registryHome an unpacked Apicurio Registry
 * @param ports where to listen
 * @param httpHost address of the HTTP server
 * @param httpHosts further names under which the HTTP server may be asked
 * @param ingest settings of ingest
 * @param logFormat how log lines look
 * @param hubEndpoint address of the Hugging Face Hub, where it is not the environment's
 */
public record StackSettings(
        DataDirectory data,
        Optional<KafkaSettings> external,
        TopicNames topics,
        Optional<String> instanceId,
        Path blobs,
        String backend,
        int lanes,
        long memory,
        EvaluatorSettings evaluator,
        Optional<Path> registryHome,
        WantedPorts ports,
        String httpHost,
        List<String> httpHosts,
        IngestSettings ingest,
        Logging.Format logFormat,
        Optional<String> hubEndpoint) {
    private static final String REGISTRY_HOME = "tessellate.registry.home";

    /** Ports to listen on; 0: the one of last time, else any free one. */
    public record WantedPorts(int broker, int registry, int http) {
        /** Any. */
        public static final WantedPorts ANY = new WantedPorts(0, 0, 0);
    }

    /** Everything embedded on a data directory, as the tests and the demo run it. */
    public static StackSettings embedded(Path dataDirectory) {
        return of(
                Configuration.load(mappings(), Optional.empty(), Map.of(), Map.of()), new DataDirectory(dataDirectory));
    }

    /** The mappings a configuration must be loaded with. */
    public static List<Class<?>> mappings() {
        return List.of(StackConfig.class, IngestConfig.class, LiveConfig.class, AlertsConfig.class);
    }

    /** The settings that a configuration comes to. */
    public static StackSettings of(Configuration configuration, DataDirectory fallback) {
        StackConfig config = configuration.of(StackConfig.class);
        DataDirectory data = config.dataDir().map(DataDirectory::new).orElse(fallback);
        TopicNames topics =
                new TopicNames(config.topics().control(), config.topics().tasks());
        return new StackSettings(
                data,
                external(config, topics),
                topics,
                config.instanceId(),
                config.blobDir().orElse(data.root().resolve("blobs")),
                config.backend(),
                config.worker().lanes(),
                config.worker()
                        .memory()
                        .map(text ->
                                Bytes.parse("tessellate.worker.memory", text).count())
                        .orElse(Long.MAX_VALUE),
                new EvaluatorSettings(
                        config.evaluator().taskView(),
                        configuration.of(LiveConfig.class).settings(),
                        configuration.of(AlertsConfig.class).settings()),
                config.registry()
                        .home()
                        .or(() -> Optional.ofNullable(System.getProperty(REGISTRY_HOME))
                                .map(Path::of)),
                new WantedPorts(
                        config.broker().port(),
                        config.registry().port(),
                        config.http().port()),
                config.http().host(),
                config.http().hosts().orElse(List.of()),
                configuration.of(IngestConfig.class).settings(),
                config.log().format(),
                config.hub().endpoint());
    }

    /** Where the page will be, on the port that is kept for it. */
    String page(Ports kept) {
        return "http://%s:%d".formatted(httpHost, kept.port("http", ports.http()));
    }

    /** The settings of this process's clients; its data directory must be its own by now. */
    KafkaSettings identified(KafkaSettings kafka) {
        String origin = data.identity();
        return kafka.withInstance(instanceId.orElse(origin), origin);
    }

    private static Optional<KafkaSettings> external(StackConfig config, TopicNames topics) {
        if (config.bootstrapServers().isPresent() != config.schemaRegistryUrl().isPresent()) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "tessellate.bootstrap-servers and tessellate.schema-registry-url belong together: set both or none");
        }
        return config.bootstrapServers()
                .map(brokers -> new KafkaSettings(
                        brokers,
                        config.schemaRegistryUrl().orElseThrow(),
                        config.kafka(),
                        topics,
                        config.instanceId().orElse("")));
    }
}
