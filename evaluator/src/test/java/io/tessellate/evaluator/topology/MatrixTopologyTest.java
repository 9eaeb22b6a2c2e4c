package io.tessellate.evaluator.topology;

import static io.tessellate.evaluator.matrix.Evaluations.MODEL;
import static io.tessellate.evaluator.matrix.Evaluations.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.evaluator.live.LiveSettings;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.EvaluationCodec;
import io.tessellate.evaluator.matrix.Evaluations;
import io.tessellate.evaluator.matrix.RowCodec;
import io.tessellate.evaluator.verdict.Gate;
import io.tessellate.event.Alert;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.ModelRegistered;
import io.tessellate.event.Ownership;
import io.tessellate.event.RegistryEvent;
import io.tessellate.event.Severity;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Pause;
import io.tessellate.runtime.retry.Retry;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.topic.TopicNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatrixTopologyTest {
    private final TopicCatalogue topics = new TopicCatalogue(TopicNames.DEFAULT);
    private final AvroSerdes serdes = new AvroSerdes("mock://" + UUID.randomUUID(), true);
    private final PassedOver passedOver = new PassedOver(new SimpleMeterRegistry());
    private TopologyTestDriver driver;
    private TestInputTopic<String, EvaluationCompleted> evaluations;
    private TestInputTopic<String, RegistryEvent> registry;
    private TestOutputTopic<String, ForgettingRow> rows;
    private TestOutputTopic<String, Alert> alerts;

    @BeforeEach
    void start(@TempDir Path state) {
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "matrix-test");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        driver = new TopologyTestDriver(topology(), properties);
        evaluations = input(topics.evaluations());
        registry = input(topics.registry());
        rows = output(topics.forgetting());
        alerts = output(topics.alerts());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void aVersionThatKeepsWithinTheBudgetGivesARowAndNoAlert() {
        register(0.2);
        send(version(MODEL, 1, 0.9));
        send(version(MODEL, 2, 0.88));

        List<ForgettingRow> out = rows.readValuesToList();

        assertThat(out).extracting(ForgettingRow::getVersion).containsExactly(1, 2);
        assertThat(out.get(1).getUnion().getScores()).containsExactly(0.88, 0.9);
        assertThat(out.get(1).getTask().getForgetting()).isEqualTo(0.0);
        assertThat(out.get(0).getUnion().getForgetting()).isNull();
        assertThat(alerts.isEmpty()).isTrue();
    }

    @Test
    void aVersionThatForgetsTooMuchRaisesAnAlertWithTheNumbers() {
        register(0.05);
        send(version(MODEL, 1, 0.9));
        send(version(MODEL, 2, 0.6));

        var record = alerts.readRecord();
        Alert alert = record.value();

        assertThat(record.key()).isEqualTo(MODEL.value());
        assertThat(new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8))
                .isEqualTo("io.tessellate.alert");
        assertThat(alert.getSeverity()).isEqualTo(Severity.CRITICAL);
        assertThat(alert.getCode()).isEqualTo("FORGETTING");
        assertThat(alert.getTask()).isEqualTo("tone");
        assertThat(alert.getLimit()).isEqualTo(0.05);
        assertThat(alerts.isEmpty()).isTrue();
    }

    @Test
    void redeliveredAndShuffledEvaluationsGiveEveryRowOnce() {
        var random = new Random(7);
        List<Evaluation> stream = new ArrayList<>(Evaluations.versions(MODEL, 6, 0.85));
        stream.addAll(stream);
        Collections.shuffle(stream, random);
        send(stream.subList(0, stream.size() / 2));
        register(0.2);
        send(stream.subList(stream.size() / 2, stream.size()));
        send(stream);

        assertThat(rows.readValuesToList())
                .extracting(ForgettingRow::getVersion)
                .containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void anImpossibleEvaluationIsPassedOver() {
        register(0.2);
        EvaluationCompleted bad = EvaluationCodec.event(version(MODEL, 1, 0.9).get(0));
        bad.setScore(Double.NaN);
        evaluations.pipeInput(MODEL.value(), bad);
        send(version(MODEL, 1, 0.9));

        assertThat(rows.readValuesToList()).hasSize(1);
    }

    @Test
    void theTopologyIsTheOneItsNamesPromise() throws IOException {
        String described = topology().describe().toString();
        try (InputStream expected = getClass().getResourceAsStream("matrix-topology.txt")) {
            assertThat(described.strip().lines().map(String::stripTrailing).toList())
                    .isEqualTo(new String(expected.readAllBytes(), StandardCharsets.UTF_8)
                            .strip()
                            .lines()
                            .toList());
        }
    }

    @Test
    void garbageInASourceIsCountedAndKeepsNoRowFromComingAbout() {
        register(0.2);
        TestInputTopic<String, byte[]> raw =
                driver.createInputTopic(topics.evaluations().name(), new StringSerializer(), new ByteArraySerializer());
        raw.pipeInput(MODEL.value(), "no Avro".getBytes(StandardCharsets.UTF_8));
        raw.pipeInput(MODEL.value(), null);
        raw.pipeInput(null, new byte[] {0, 0, 0, 0, 77, 1});
        evaluations.pipeInput(
                "another-model", EvaluationCodec.event(version(MODEL, 1, 0.9).get(0)));
        send(version(MODEL, 1, 0.9));

        assertThat(rows.readValuesToList()).hasSize(1);
        assertThat(passedOver.count(topics.evaluations().name())).isEqualTo(4);
    }

    @Test
    void aRegistrationWithAValueOutOfItsRangeIsPassedOverAndTheNextOneCounts() {
        registry.pipeInput(MODEL.value(), registration("no digest", 0.1));
        register(0.2);
        send(version(MODEL, 1, 0.9));

        assertThat(rows.readValuesToList()).hasSize(1);
        assertThat(passedOver.count(topics.registry().name())).isEqualTo(1);
    }

    @Test
    void whatAnEarlierVersionOfTheProductLeftInTheStoresIsCountedOnceAndRowsGoOnAsTheyWould() {
        List<Evaluation> interrupted = version(MODEL, 4, 0.8);
        register(0.2);
        send(Evaluations.versions(MODEL, 3, 0.85));
        send(interrupted.subList(0, 3));
        leaveWhatAnEarlierVersionKept(0.2);
        send(interrupted.subList(3, interrupted.size()));
        send(version(MODEL, 5, 0.84));

        MatrixFold undisturbed = new MatrixFold(new InMemoryMatrixState(), Evaluations.NO_OUTCOMES);
        undisturbed.register(MODEL, Gate.of(0.2));
        List<ForgettingRow> expected = Stream.of(
                        Evaluations.versions(MODEL, 3, 0.85), interrupted, version(MODEL, 5, 0.84))
                .flatMap(List::stream)
                .flatMap(evaluation -> undisturbed.apply(evaluation).stream())
                .map(completed -> RowCodec.event(completed.row()))
                .toList();
        assertThat(rows.readValuesToList()).hasSize(5).containsExactlyElementsOf(expected);
    }

    /** Neither counts nor best scores nor gates, evaluations without their commits, rows without verdicts. */
    private void leaveWhatAnEarlierVersionKept(double budget) {
        clear(MatrixTopology.COUNT_STORE);
        clear(MatrixTopology.BEST_STORE);
        clear(MatrixTopology.GATE_STORE);
        driver.<String, Double>getKeyValueStore(MatrixTopology.BUDGET_STORE).put(MODEL.value(), budget);
        this.<EvaluationCompleted>rewrite(MatrixTopology.EVALUATION_STORE, evaluation -> evaluation.setCommittedAs(0));
        this.<ForgettingRow>rewrite(MatrixTopology.ROW_STORE, row -> row.setVerdict(null));
    }

    private void clear(String store) {
        KeyValueStore<String, Object> entries = driver.getKeyValueStore(store);
        keys(entries).forEach(entries::delete);
    }

    private <V> void rewrite(String store, Consumer<V> change) {
        KeyValueStore<String, V> entries = driver.getKeyValueStore(store);
        for (String key : keys(entries)) {
            V value = entries.get(key);
            change.accept(value);
            entries.put(key, value);
        }
    }

    private static List<String> keys(KeyValueStore<String, ?> entries) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, ?> all = entries.all()) {
            all.forEachRemaining(entry -> keys.add(entry.key));
        }
        return keys;
    }

    private Topology topology() {
        return MatrixTopology.build(
                topics,
                serdes,
                Evaluations.NO_OUTCOMES,
                LiveSettings.USUAL,
                passedOver,
                new Retry(Backoff.none(), Pause.ofThread()));
    }

    private void register(double budget) {
        registry.pipeInput(MODEL.value(), registration("0".repeat(64), budget));
    }

    private static RegistryEvent registration(String baseDigest, double budget) {
        return RegistryEvent.newBuilder()
                .setModel(MODEL.value())
                .setSequence(1)
                .setAt(Evaluations.START)
                .setModelRegistered(ModelRegistered.newBuilder()
                        .setBaseDigest(baseDigest)
                        .setFiles(List.of())
                        .setEligible(List.of())
                        .setOwnership(Ownership.EXCLUSIVE)
                        .setForgettingBudget(budget)
                        .build())
                .build();
    }

    private void send(List<Evaluation> all) {
        all.forEach(evaluation -> evaluations.pipeInput(evaluation.model().value(), EvaluationCodec.event(evaluation)));
    }

    private <V extends SpecificRecord> TestInputTopic<String, V> input(Topic<V> topic) {
        return driver.createInputTopic(
                topic.name(), new StringSerializer(), serdes.of(topic).serializer());
    }

    private <V extends SpecificRecord> TestOutputTopic<String, V> output(Topic<V> topic) {
        return driver.createOutputTopic(
                topic.name(), new StringDeserializer(), serdes.of(topic).deserializer());
    }
}
