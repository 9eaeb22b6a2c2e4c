package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.alarm.DatasetAlarm;
import io.tessellate.evaluator.alarm.TrainingAlarm;
import io.tessellate.evaluator.live.LiveCodec;
import io.tessellate.evaluator.live.LiveProcessor;
import io.tessellate.evaluator.live.LiveSettings;
import io.tessellate.evaluator.matrix.EvaluationCodec;
import io.tessellate.evaluator.verdict.OutcomeSource;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.ForgettingRow;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.retry.Retry;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * {@code evaluations} and the registrations on {@code registry} become complete rows on {@code forgetting} and alerts
 * on {@code alerts}, as do runs, datasets, records put aside and live scores that are worth one; answers and labels, keyed by task,
 * become live scores. All else is keyed by model, and all topics have the same number of partitions.
 */
public final class MatrixTopology {
    static final String EVALUATIONS = "evaluations";
    static final String REGISTRATIONS = "registrations";
    private static final String READ = "read-";
    static final String MATRIX = "matrix";
    static final String ROWS = "rows";
    static final String ALERTS = "alerts";
    static final String EVALUATION_STORE = "scored";
    static final String ROW_STORE = "complete-rows";
    static final String BUDGET_STORE = "budgets";
    static final String GATE_STORE = "gates";
    static final String BEST_STORE = "best-scores";
    static final String COUNT_STORE = "counts";
    private static final String TRAININGS = "trainings";
    private static final String TASKS = "tasks";
    private static final String STANDINGS = "standings";
    private static final String DEAD_LETTERS = "dead-letters";
    private static final String ALARM = "alarm";
    private static final String LETTER_COUNT = "letter-count";
    private static final String PREDICTIONS = "predictions";
    private static final String LABELS = "labels";
    private static final String LIVE = "live";
    static final String LIVE_SCORES = "live-scores";
    static final String LIVE_ALARM_STORE = "live-alarms";
    static final String DEAD_LETTER_STORE = "put-aside";
    private static final String LIVE_STORE = "live-cases";

    private MatrixTopology() {}

    /**
     * The topology over the topics of a catalogue.
     *
     * @param outcomes where the predictions of scored cells lie
     * @param live how much is kept of answers and labels
     * @param passedOver where records are noted that cannot be read
     * @param retry with the schema registry and with what the predictions lie in
     */
    public static Topology build(
            TopicCatalogue topics,
            AvroSerdes serdes,
            OutcomeSource outcomes,
            LiveSettings live,
            PassedOver passedOver,
            Retry retry) {
        var topology = new Topology();
        source(topology, EVALUATIONS, topics.evaluations(), of(EvaluationCodec::evaluation), serdes, passedOver, retry);
        source(topology, REGISTRATIONS, topics.registry(), of(RegistryEventCodec::fromAvro), serdes, passedOver, retry);
        OutcomeSource patient = (hits, metric) -> retry.call(() -> outcomes.of(hits, metric));
        topology.addProcessor(MATRIX, () -> new MatrixProcessor(patient), READ + EVALUATIONS, READ + REGISTRATIONS);
        topology.addStateStore(evaluationStore(topics, serdes), MATRIX);
        topology.addStateStore(rowStore(topics, serdes), MATRIX);
        topology.addStateStore(store(BUDGET_STORE, Serdes.Double()), MATRIX);
        topology.addStateStore(store(GATE_STORE, new TopicSerde<>(topics.registry(), serdes)), MATRIX);
        topology.addStateStore(store(BEST_STORE, new TopicSerde<>(topics.evaluations(), serdes)), MATRIX);
        topology.addStateStore(store(COUNT_STORE, Serdes.Long()), MATRIX);
        alarms(topology, topics, serdes, passedOver, retry);
        live(topology, topics, live, serdes, passedOver, retry);
        sink(topology, ROWS, topics.forgetting(), serdes, MATRIX);
        sink(topology, ALERTS, topics.alerts(), serdes, MATRIX, ALARM, LETTER_COUNT);
        return topology;
    }

    private static void alarms(
            Topology topology, TopicCatalogue topics, AvroSerdes serdes, PassedOver passedOver, Retry retry) {
        source(topology, TRAININGS, topics.trainings(), TrainingAlarm::of, serdes, passedOver, retry);
        source(topology, TASKS, topics.tasks(), DatasetAlarm::of, serdes, passedOver, retry);
        source(topology, STANDINGS, topics.liveScores(), of(LiveCodec::standing), serdes, passedOver, retry);
        topology.addProcessor(
                ALARM, AlarmProcessor::new, READ + REGISTRATIONS, READ + TRAININGS, READ + TASKS, READ + STANDINGS);
        topology.connectProcessorAndStateStores(ALARM, ROW_STORE);
        topology.addStateStore(store(LIVE_ALARM_STORE, Serdes.Long()), ALARM);
        topology.addSource(
                DEAD_LETTERS,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topics.deadLetters().name());
        topology.addProcessor(LETTER_COUNT, DeadLetterProcessor::new, DEAD_LETTERS);
        topology.addStateStore(store(DEAD_LETTER_STORE, Serdes.String()), LETTER_COUNT);
    }

    private static void live(
            Topology topology,
            TopicCatalogue topics,
            LiveSettings settings,
            AvroSerdes serdes,
            PassedOver passedOver,
            Retry retry) {
        source(topology, PREDICTIONS, topics.predictions(), of(LiveCodec::answered), serdes, passedOver, retry);
        source(topology, LABELS, topics.labels(), of(LiveCodec::labelled), serdes, passedOver, retry);
        topology.addProcessor(LIVE, () -> new LiveProcessor(LIVE_STORE, settings), READ + PREDICTIONS, READ + LABELS);
        topology.addStateStore(store(LIVE_STORE, Serdes.String()), LIVE);
        sink(topology, LIVE_SCORES, topics.liveScores(), serdes, LIVE);
    }

    private static <V extends SpecificRecord> void source(
            Topology topology,
            String name,
            Topic<V> topic,
            Function<V, ? extends Optional<?>> value,
            AvroSerdes serdes,
            PassedOver passedOver,
            Retry retry) {
        topology.addSource(name, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic.name());
        topology.addProcessor(
                READ + name,
                () -> new EventSource<>(
                        new RecordReader<>(topic, serdes.of(topic).deserializer(), passedOver), retry, value),
                name);
    }

    /** For a topic each of whose events is something. */
    private static <V extends SpecificRecord, T> Function<V, Optional<T>> of(Function<V, T> value) {
        return event -> Optional.of(value.apply(event));
    }

    private static <V extends SpecificRecord> void sink(
            Topology topology, String name, Topic<V> topic, AvroSerdes serdes, String... parents) {
        topology.addSink(
                name,
                topic.name(),
                new StringSerializer(),
                serdes.of(topic.valueType()).serializer(),
                parents);
    }

    private static StoreBuilder<KeyValueStore<String, EvaluationCompleted>> evaluationStore(
            TopicCatalogue topics, AvroSerdes serdes) {
        return store(EVALUATION_STORE, new TopicSerde<>(topics.evaluations(), serdes));
    }

    private static StoreBuilder<KeyValueStore<String, ForgettingRow>> rowStore(
            TopicCatalogue topics, AvroSerdes serdes) {
        return store(ROW_STORE, new TopicSerde<>(topics.forgetting(), serdes));
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), values);
    }
}
