package io.tessellate.ingest;

import io.tessellate.ingest.arrival.Unprocessable;
import io.tessellate.ingest.attempt.ExternalState;
import io.tessellate.ingest.attempt.IngestMetrics;
import io.tessellate.ingest.attempt.IngestSettings;
import io.tessellate.ingest.source.StrayTopicWatch;
import io.tessellate.ingest.source.TopicInspector;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.streams.StreamsService;
import io.tessellate.runtime.kafka.streams.UnforeseenRecords;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.metrics.Metrics;
import io.tessellate.topic.TopicCatalogue;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/** Ingest as a part of a process. Its topics must have been provisioned before it starts. */
public final class IngestService implements Service {
    private static final String NAME = "ingest";
    private static final int LARGEST_RECORD_BYTES = 16 << 20;

    private final StreamsService streams;
    private final SharedLogs logs;
    private final TopicInspector inspector;
    private final StrayTopicWatch strays;

    /**
     * A service that is not yet running.
     *
     * @param clients of broker and schema registry; they stay the caller's
     * @param logs of what became of earlier datasets; they stay the caller's
     * @param settings of ingest
     * @param stateDirectory where its stores live
     * @param metrics where its numbers go
     */
    public IngestService(
            KafkaClients clients, SharedLogs logs, IngestSettings settings, Path stateDirectory, Metrics metrics) {
        TopicCatalogue topics = clients.topics();
        var meters = new IngestMetrics(metrics.registry());
        var unforeseen = new UnforeseenRecords(new Unprocessable(topics), metrics.registry());
        this.logs = logs;
        this.inspector = new TopicInspector(clients, topics.names().control(NAME));
        this.strays = new StrayTopicWatch(clients);
        var external = new ExternalState(unforeseen, inspector, new DownstreamLog(logs));
        Topology topology = new IngestTopology(
                        topics, clients.serdes(), settings, meters, external, Stores::persistentKeyValueStore)
                .build();
        this.streams = new StreamsService(
                NAME, topology, clients.settings(), stateDirectory, overrides(), metrics, unforeseen);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        logs.start();
        strays.start();
        streams.start();
    }

    @Override
    public Health health() {
        return streams.health().and(logs.health());
    }

    @Override
    public void close() {
        streams.close();
        strays.close();
        inspector.close();
    }

    /**
     * New task topics are noticed with the metadata, hence its short life. A record grows a little on its way, hence the room
     * for it in every topic it passes. In what order partitions are read does not matter, so none waits for another.
     */
    private static Map<String, Object> overrides() {
        return Map.ofEntries(
                Map.entry(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 8 << 20),
                Map.entry(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L),
                consumer(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 1_000),
                consumer(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000),
                producer(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_RECORD_BYTES),
                producer(ProducerConfig.LINGER_MS_CONFIG, 20),
                Map.entry(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), LARGEST_RECORD_BYTES));
    }

    private static Map.Entry<String, Object> consumer(String key, int value) {
        return Map.entry(StreamsConfig.consumerPrefix(key), value);
    }

    private static Map.Entry<String, Object> producer(String key, int value) {
        return Map.entry(StreamsConfig.producerPrefix(key), value);
    }
}
