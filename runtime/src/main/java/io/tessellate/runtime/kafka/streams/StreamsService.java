package io.tessellate.runtime.kafka.streams;

import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.metrics.Metrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a topology exactly once. A stream thread that dies is replaced; when it dies again and again of the same, the service
 * says that it needs a person and is not ready. It is ready when it runs <em>and</em> has tasks: a fresh member is RUNNING long before it is
 * given any.
 */
public final class StreamsService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsService.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);
    private static final CloseOptions LEAVING = CloseOptions.timeout(CLOSE_TIMEOUT)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    private static final int REPLICATION_OF_BROKER = -1;
    /** How long the partitions of a killed member lie idle, and with them a restart; Kafka's default is 45 s. */
    private static final Duration SESSION = Duration.ofSeconds(10);

    private final String name;
    private final Topology topology;
    private final List<TopologyDescription.Source> sources;
    private final Properties properties;
    private final Metrics metrics;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ThreadFailures failures;
    private @Nullable KafkaStreams streams;
    private @Nullable AutoCloseable meters;

    /**
     * A service that is not yet running.
     *
     * @param name of the service; with the topics' prefix it is the application id
     * @param stateDirectory where its stores live
     * @param overrides Streams properties that differ from the usual
     */
    public StreamsService(
            String name,
            Topology topology,
            KafkaSettings settings,
            Path stateDirectory,
            Map<String, ?> overrides,
            Metrics metrics) {
        this(
                name,
                topology,
                settings,
                stateDirectory,
                overrides,
                metrics,
                UnforeseenRecords.inOrder(metrics.registry()));
    }

    /**
     * The same for an application that can do without single records.
     *
     * @param unforeseen what becomes of them
     */
    public StreamsService(
            String name,
            Topology topology,
            KafkaSettings settings,
            Path stateDirectory,
            Map<String, ?> overrides,
            Metrics metrics,
            UnforeseenRecords unforeseen) {
        this.name = name;
        this.topology = topology;
        this.sources = topology.describe().subtopologies().stream()
                .flatMap(part -> part.nodes().stream())
                .filter(TopologyDescription.Source.class::isInstance)
                .map(TopologyDescription.Source.class::cast)
                .toList();
        this.metrics = metrics;
        this.failures = new ThreadFailures(name, System::nanoTime, this::pause);
        this.properties = properties(name, settings, stateDirectory);
        this.properties.put(UnforeseenRecords.CONFIGURATION, unforeseen);
        this.properties.putAll(overrides);
    }

    private void pause(long millis) {
        try {
            if (closing.await(millis, TimeUnit.MILLISECONDS)) {
                LOG.debug("{} is being closed", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized void start() {
        KafkaStreams created = new KafkaStreams(topology, properties);
        created.setUncaughtExceptionHandler(failures::onFailure);
        created.setStateListener((to, from) -> LOG.info("{} is {} (was {})", name, to, from));
        streams = created;
        meters = metrics.bind(created, name);
        created.start();
    }

    @Override
    public synchronized Health health() {
        if (streams == null) {
            return Health.waiting("not started");
        }
        if (streams.state() == KafkaStreams.State.ERROR) {
            return Health.dead("streams state ERROR");
        }
        Optional<String> beyondHelp = failures.beyondHelp();
        if (beyondHelp.isPresent()) {
            return Health.waiting(beyondHelp.get());
        }
        if (streams.state() != KafkaStreams.State.RUNNING) {
            return Health.waiting("streams state " + streams.state());
        }
        long tasks = streams.metadataForLocalThreads().stream()
                .mapToLong(thread ->
                        thread.activeTasks().size() + thread.standbyTasks().size())
                .sum();
        return tasks == 0
                ? Health.waiting("running without tasks")
                : Health.up(PassedOver.beside(tasks + " tasks", PassedOver.count(metrics.registry(), this::isSource)));
    }

    private boolean isSource(String topic) {
        return sources.stream()
                .anyMatch(source -> source.topicPattern() == null
                        ? source.topicSet().contains(topic)
                        : source.topicPattern().matcher(topic).matches());
    }

    @Override
    public void close() {
        KafkaStreams running;
        synchronized (this) {
            running = streams;
            streams = null;
        }
        closing.countDown();
        if (running != null) {
            closeMeters();
            if (!running.close(LEAVING)) {
                LOG.warn("{} did not stop within {}", name, CLOSE_TIMEOUT);
            }
        }
    }

    private void closeMeters() {
        try {
            if (meters != null) {
                meters.close();
            }
        } catch (Exception e) {
            LOG.debug("{}: meters not released", name, e);
        }
    }

    private static Properties properties(String name, KafkaSettings settings, Path stateDirectory) {
        Properties all = new Properties();
        all.putAll(settings.clientProperties());
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.topics().control(name));
        all.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        all.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, REPLICATION_OF_BROKER);
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        // The time of reading: what is written of a record, to whatever topic or store, carries the time it is written
        // at.
        all.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, WallclockTimestampExtractor.class);
        all.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, PassOverUndecodable.class);
        all.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, PutAsideUnprocessable.class);
        all.put("processing.exception.handler.global.enabled", true);
        all.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, RememberRefused.class);
        all.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), (int) SESSION.toMillis());
        all.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                (int) SESSION.toMillis() / 5);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), "20000");
        all.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, "5000");
        return all;
    }
}
