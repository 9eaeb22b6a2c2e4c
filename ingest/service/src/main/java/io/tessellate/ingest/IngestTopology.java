package io.tessellate.ingest;

import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.event.TaskEvent;
import io.tessellate.ingest.arrival.Arrival;
import io.tessellate.ingest.arrival.ArrivalSerde;
import io.tessellate.ingest.arrival.Output;
import io.tessellate.ingest.arrival.Router;
import io.tessellate.ingest.attempt.DatasetProcessor;
import io.tessellate.ingest.attempt.ExternalState;
import io.tessellate.ingest.attempt.IngestMetrics;
import io.tessellate.ingest.attempt.IngestSettings;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.TopicCatalogue;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology of ingest: a function from settings to a graph, every part of which has a name of its own.
 *
 * <pre>
 *           route                  judge                          first-result
 * tasks.*.* ─────► records (by task)   ──┬─► decisions (by model) ──────────────► tasks
 * manifests ─────► statements (by task) ─┴─► dead-letters
 * </pre>
 *
 * The pattern has a subtopology to itself: a task that ran before the first topic matched cannot be given one (its
 * source is left out when the task is built, {@code ProcessorTopology}), and its thread would die of it.
 */
final class IngestTopology {
    private static final Serde<byte[]> BYTES = Serdes.ByteArray();
    private static final Serde<String> TEXT = Serdes.String();

    private final TopicCatalogue topics;
    private final AvroSerdes serdes;
    private final IngestSettings settings;
    private final IngestMetrics metrics;
    private final Function<String, KeyValueBytesStoreSupplier> stores;
    private final ExternalState external;

    IngestTopology(
            TopicCatalogue topics,
            AvroSerdes serdes,
            IngestSettings settings,
            IngestMetrics metrics,
            ExternalState external,
            Function<String, KeyValueBytesStoreSupplier> stores) {
        this.topics = topics;
        this.serdes = serdes;
        this.settings = settings;
        this.metrics = metrics;
        this.external = external;
        this.stores = stores;
    }

    Topology build() {
        var builder = new StreamsBuilder();
        addStores(builder);
        KStream<String, Output> decided = arrivals(builder)
                .process(
                        () -> new DatasetProcessor(
                                topics.names(),
                                settings,
                                () -> new RecordDecoder(serdes.registry()),
                                external,
                                metrics),
                        Named.as("judge"),
                        DatasetProcessor.STATES,
                        DatasetProcessor.MANIFESTS,
                        DatasetProcessor.WAITING,
                        DatasetProcessor.IDENTITIES);
        decided.split(Named.as("output-"))
                .branch(
                        (key, output) -> output instanceof Output.Letter,
                        Branched.withConsumer(this::putAside, "letter"))
                .branch((key, output) -> output instanceof Output.Event, Branched.withConsumer(this::publish, "event"))
                .noDefaultBranch();
        return builder.build();
    }

    private KStream<String, Arrival> arrivals(StreamsBuilder builder) {
        KStream<String, Arrival> records = builder.stream(topics.names().taskPattern(), source("task-records"))
                .process(
                        () -> new Router(Arrival.Kind.RECORD, topics.names(), external.unforeseen()),
                        Named.as("route-record"));
        KStream<String, Arrival> manifests = builder.stream(topics.manifests().name(), source("manifests"))
                .process(
                        () -> new Router(Arrival.Kind.MANIFEST, topics.names(), external.unforeseen()),
                        Named.as("route-manifest"));
        return byTask(records, "records").merge(byTask(manifests, "statements"), Named.as("merge"));
    }

    private KStream<String, Arrival> byTask(KStream<String, Arrival> arrivals, String name) {
        return arrivals.repartition(Repartitioned.<String, Arrival>as(name)
                .withKeySerde(TEXT)
                .withValueSerde(new ArrivalSerde())
                .withNumberOfPartitions(topics.partitions()));
    }

    private static Consumed<byte[], byte[]> source(String name) {
        return Consumed.with(BYTES, BYTES)
                .withName(name)
                .withTimestampExtractor(IngestTopology::timestamp)
                .withOffsetResetPolicy(AutoOffsetReset.earliest());
    }

    /** A record without a timestamp, or with one before 1970, has the first there is; it is no reason to stop. */
    private static long timestamp(ConsumerRecord<Object, Object> record, long partitionTime) {
        return Math.max(0, record.timestamp());
    }

    private void putAside(KStream<String, Output> letters) {
        letters.mapValues(
                        output -> output instanceof Output.Letter letter ? letter.value() : null,
                        Named.as("letter-value"))
                .to(topics.deadLetters().name(), Produced.with(TEXT, BYTES).withName("dead-letters"));
    }

    private void publish(KStream<String, Output> events) {
        Serde<TaskEvent> event = new PinnedSerde<>(topics.tasks().name(), serdes.of(topics.tasks()));
        events.mapValues(output -> output instanceof Output.Event said ? said.event() : null, Named.as("event-value"))
                .repartition(Repartitioned.<String, TaskEvent>as("decisions")
                        .withKeySerde(TEXT)
                        .withValueSerde(event)
                        .withNumberOfPartitions(topics.partitions()))
                .process(() -> new FirstResults(external.downstream()), Named.as("first-result"), FirstResults.STORE)
                .to(topics.tasks().name(), Produced.with(TEXT, event).withName("tasks"));
    }

    private void addStores(StreamsBuilder builder) {
        builder.addStateStore(store(DatasetProcessor.STATES, TEXT, BYTES).withCachingEnabled());
        builder.addStateStore(store(DatasetProcessor.MANIFESTS, TEXT, BYTES));
        builder.addStateStore(store(DatasetProcessor.WAITING, Serdes.Bytes(), BYTES));
        builder.addStateStore(store(DatasetProcessor.IDENTITIES, Serdes.Bytes(), BYTES));
        builder.addStateStore(store(FirstResults.STORE, TEXT, TEXT));
    }

    private <K, V> StoreBuilder<KeyValueStore<K, V>> store(String name, Serde<K> key, Serde<V> value) {
        return Stores.keyValueStoreBuilder(stores.apply(name), key, value);
    }
}
