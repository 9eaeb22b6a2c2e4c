package io.tessellate.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.util.concurrent.UncheckedExecutionException;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.event.DatasetState;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.ingest.arrival.Arrival;
import io.tessellate.ingest.arrival.ArrivalSerde;
import io.tessellate.ingest.arrival.SourcePosition;
import io.tessellate.ingest.arrival.Unprocessable;
import io.tessellate.ingest.attempt.DownstreamState;
import io.tessellate.ingest.attempt.ExternalState;
import io.tessellate.ingest.attempt.IngestMetrics;
import io.tessellate.ingest.attempt.IngestSettings;
import io.tessellate.ingest.source.Covered;
import io.tessellate.ingest.source.TopicLook;
import io.tessellate.ingest.source.TopicSighting;
import io.tessellate.mask.grant.GrantRule;
import io.tessellate.runtime.kafka.streams.UnforeseenRecords;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.topic.TopicNames;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology on a bench: records in, events and dead letters out, the clock in the test's hand. */
public final class IngestBench implements AutoCloseable {
    static final IngestSettings SETTINGS =
            new IngestSettings(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(5), 100);
    public static final TaskId SST2 = TaskId.parse("glue/sst2");

    static final TopicCatalogue TOPICS = new TopicCatalogue(TopicNames.DEFAULT);
    private static final String APPLICATION = "ingest-test";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    public final FlakyRegistry registry = new FlakyRegistry();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    final FakeTopics topicsSeen = new FakeTopics();
    final FakeDownstream downstream = new FakeDownstream();

    private final AvroSerdes serdes = new AvroSerdes(registry, true);
    private final Serializer<IndexedRecord> avro = serdes.serializer();
    private final TopologyTestDriver driver;
    private long clock = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private final TestOutputTopic<String, TaskEvent> events;
    private final TestOutputTopic<String, byte[]> letters;
    private final List<TestRecord<String, TaskEvent>> said = new ArrayList<>();
    private final List<TestRecord<String, byte[]>> putAside = new ArrayList<>();

    public IngestBench() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.STATE_DIR_CONFIG, "target/streams-" + NUMBER.incrementAndGet());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        driver = new TopologyTestDriver(topology(), properties, Instant.ofEpochMilli(clock));
        events = driver.createOutputTopic(
                TOPICS.tasks().name(),
                new StringDeserializer(),
                serdes.of(TOPICS.tasks()).deserializer());
        letters = driver.createOutputTopic(
                TOPICS.deadLetters().name(), new StringDeserializer(), new ByteArrayDeserializer());
    }

    Topology topology() {
        return new IngestTopology(
                        TOPICS,
                        serdes,
                        SETTINGS,
                        new IngestMetrics(meters),
                        new ExternalState(
                                new UnforeseenRecords(new Unprocessable(TOPICS), meters), topicsSeen, downstream),
                        Stores::inMemoryKeyValueStore)
                .build();
    }

    /** Topics as the test says they are; sound, and read to their ends, unless it says otherwise. */
    static final class FakeTopics implements TopicLook {
        TopicSighting seen = new TopicSighting(true, "first", List.of(), Map.of(), Map.of(), Map.of());
        boolean read = true;
        boolean answers = true;
        private final List<Runnable> waiting = new ArrayList<>();

        @Override
        public CompletableFuture<TopicSighting> now(String topic, Map<Integer, Covered> covered) {
            var answer = new CompletableFuture<TopicSighting>();
            ask(() -> answer.complete(seen), answers);
            return answer;
        }

        @Override
        public CompletableFuture<TopicSighting> onceRead(String topic, int partition, Map<Integer, Covered> covered) {
            var answer = new CompletableFuture<TopicSighting>();
            ask(() -> answer.complete(seen), answers && read);
            return answer;
        }

        private void ask(Runnable answer, boolean atOnce) {
            if (atOnce) {
                answer.run();
            } else {
                waiting.add(answer);
            }
        }

        /** Everything is read and looked at. */
        void answer() {
            read = true;
            answers = true;
            waiting.forEach(Runnable::run);
            waiting.clear();
        }
    }

    /** What others have made of datasets, as the test says. */
    static final class FakeDownstream implements DownstreamState {
        final Set<String> failed = new HashSet<>();
        final Map<String, GrantRule> models = new HashMap<>();

        @Override
        public boolean failed(TaskId task, RunId run) {
            return failed.contains(run.value());
        }

        @Override
        public Optional<GrantRule> terms(ModelName model) {
            return Optional.ofNullable(models.get(model.value()));
        }
    }

    /** A registry that can be away. */
    static final class FlakyRegistry extends MockSchemaRegistryClient {
        private final Map<Integer, String> foreign = new HashMap<>();
        private boolean away;

        FlakyRegistry() {
            super(List.of(new AvroSchemaProvider()));
        }

        void away(boolean now) {
            away = now;
        }

        /** Holds a schema the client has no parser for; it fails as Confluent's client does. */
        void foreign(int id, String type) {
            foreign.put(id, type);
        }

        @Override
        public ParsedSchema getSchemaById(int id)
                throws IOException, io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException {
            if (away) {
                throw new IOException("connection refused");
            }
            if (foreign.containsKey(id)) {
                throw new UncheckedExecutionException(
                        new IllegalStateException("Invalid schema type " + foreign.get(id)));
            }
            return super.getSchemaById(id);
        }
    }

    public static TaskExample example(String id, String split, String text, Object label) {
        return TaskExample.newBuilder()
                .setId(id)
                .setSplit(split)
                .setText(text)
                .setLabel(label)
                .build();
    }

    public static TaskManifest.Builder manifest(TaskId task) {
        return TaskManifest.newBuilder()
                .setModel(task.model().value())
                .setTask(task.task().value())
                .setState(DatasetState.CLOSED)
                .setLabels(List.of("negative", "positive"));
    }

    byte[] encode(TaskId task, IndexedRecord record) {
        return avro.serialize(TOPICS.names().task(task), record);
    }

    public void record(TaskId task, IndexedRecord record) {
        bytes(task, null, encode(task, record));
    }

    void bytes(TaskId task, byte @Nullable [] key, byte @Nullable [] value) {
        input(TOPICS.names().task(task)).pipeInput(key, value);
        drain();
    }

    public void record(TaskId task, TestRecord<byte[], byte[]> record) {
        input(TOPICS.names().task(task)).pipeInput(record);
        drain();
    }

    /** A record as it would come from another partition than the driver's only one. */
    void arrival(TaskId task, SourcePosition position, byte[] value) {
        var arrival = new Arrival(
                Arrival.Kind.RECORD, TOPICS.names().task(task), position, 0, clock, new RecordHeaders(), null, value);
        driver.createInputTopic(
                        APPLICATION + "-records-repartition", new StringSerializer(), new ArrivalSerde().serializer())
                .pipeInput(task.toString(), arrival);
        drain();
    }

    public void manifest(TaskManifest.Builder manifest) {
        TaskManifest built = manifest.build();
        manifestBytes(
                built.getModel() + "/" + built.getTask(),
                avro.serialize(TOPICS.manifests().name(), built));
    }

    public void manifest(String key, TaskManifest.Builder manifest) {
        manifestBytes(key, avro.serialize(TOPICS.manifests().name(), manifest.build()));
    }

    void manifestBytes(@Nullable String key, byte @Nullable [] value) {
        input(TOPICS.manifests().name()).pipeInput(key == null ? null : key.getBytes(UTF_8), value);
        drain();
    }

    private TestInputTopic<byte[], byte[]> input(String topic) {
        return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void pass(Duration time) {
        driver.advanceWallClockTime(time);
        clock += time.toMillis();
        drain();
    }

    /** The bench's time in milliseconds. */
    long now() {
        return clock;
    }

    private void drain() {
        said.addAll(events.readRecordsToList());
        putAside.addAll(letters.readRecordsToList());
    }

    KeyValueStore<Bytes, byte[]> bytesStore(String name) {
        return driver.getKeyValueStore(name);
    }

    /** The timestamps of everything that was written to internal topics and changelogs. */
    List<Long> produced() {
        return driver.producedTopicNames().stream()
                .filter(topic -> topic.endsWith("-changelog"))
                .flatMap(topic -> driver
                        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                        .readRecordsToList()
                        .stream())
                .map(TestRecord::timestamp)
                .toList();
    }

    public <V> KeyValueStore<String, V> store(String name) {
        return driver.getKeyValueStore(name);
    }

    List<TestRecord<String, TaskEvent>> said() {
        return List.copyOf(said);
    }

    List<TaskEvent> events(TaskId task) {
        return said.stream()
                .map(TestRecord::value)
                .filter(event -> event.getModel().equals(task.model().value())
                        && event.getTask().equals(task.task().value()))
                .toList();
    }

    TaskEvent last(TaskId task) {
        List<TaskEvent> all = events(task);
        return all.get(all.size() - 1);
    }

    List<TestRecord<String, byte[]>> letters() {
        return List.copyOf(putAside);
    }

    static @Nullable String header(TestRecord<?, ?> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    @Override
    public void close() {
        driver.close();
    }
}
