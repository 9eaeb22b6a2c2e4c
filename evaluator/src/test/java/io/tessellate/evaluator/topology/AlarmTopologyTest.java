package io.tessellate.evaluator.topology;

import static io.tessellate.evaluator.matrix.Evaluations.MODEL;
import static io.tessellate.evaluator.matrix.Evaluations.version;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.evaluator.alert.AlertCodec;
import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.evaluator.live.LiveSettings;
import io.tessellate.evaluator.matrix.EvaluationCodec;
import io.tessellate.evaluator.matrix.Evaluations;
import io.tessellate.event.Alert;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.LabelReturned;
import io.tessellate.event.LiveScores;
import io.tessellate.event.ModelParked;
import io.tessellate.event.ModelRegistered;
import io.tessellate.event.Ownership;
import io.tessellate.event.PredictionMade;
import io.tessellate.event.RegistryEvent;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskRejected;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingFailed;
import io.tessellate.event.View;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Pause;
import io.tessellate.runtime.retry.Retry;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.DeadLetterHeader;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.topic.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What raises alerts beside rows, and answers joined with the labels that come back. */
class AlarmTopologyTest {
    private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");
    private final TopicCatalogue topics = new TopicCatalogue(TopicNames.DEFAULT);
    private final AvroSerdes serdes = new AvroSerdes("mock://" + UUID.randomUUID(), true);
    private final PassedOver passedOver = new PassedOver(new SimpleMeterRegistry());
    private TopologyTestDriver driver;
    private TestOutputTopic<String, Alert> alerts;

    @BeforeEach
    void start(@TempDir Path state) {
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "alarm-test");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        driver = new TopologyTestDriver(
                MatrixTopology.build(
                        topics,
                        serdes,
                        Evaluations.NO_OUTCOMES,
                        LiveSettings.USUAL,
                        passedOver,
                        new Retry(Backoff.none(), Pause.ofThread())),
                properties,
                START);
        alerts = output(topics.alerts());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void aTrainingThatFailsRaisesOneAndOneThatAPersonEndedRaisesNone() {
        input(topics.trainings()).pipeInput(MODEL.value(), failed("CANCELLED"));
        input(topics.trainings()).pipeInput(MODEL.value(), failed("DIVERGED"));
        input(topics.trainings()).pipeInput(MODEL.value(), failed("DEFECT"));

        List<RaisedAlert> raised = raised();
        assertThat(raised).extracting(RaisedAlert::kind).containsExactly(AlertKind.TRAINING, AlertKind.TRAINING);
        assertThat(raised).extracting(RaisedAlert::critical).containsExactly(false, true);
        assertThat(raised.get(0).task().value()).isEqualTo("tone");
        assertThat(raised.get(0).message()).isEqualTo("the training of 'tone' failed: loss is NaN");
    }

    @Test
    void aRefusedDatasetAndAParkedModelRaiseOneEach() {
        input(topics.tasks())
                .pipeInput(
                        MODEL.value(),
                        TaskEvent.newBuilder()
                                .setModel(MODEL.value())
                                .setTask("tone")
                                .setAt(START)
                                .setRejected(TaskRejected.newBuilder()
                                        .setCode("EMPTY_SPLIT")
                                        .setMessage("no eval record")
                                        .build())
                                .build());
        input(topics.registry())
                .pipeInput(
                        MODEL.value(),
                        RegistryEvent.newBuilder()
                                .setModel(MODEL.value())
                                .setSequence(1)
                                .setAt(START)
                                .setModelParked(ModelParked.newBuilder()
                                        .setCode("BLOB_DAMAGED")
                                        .setReason("a file is gone")
                                        .setVersion(1)
                                        .setPath("ab/cd")
                                        .build())
                                .build());

        List<RaisedAlert> raised = raised();
        assertThat(raised).extracting(RaisedAlert::kind).containsExactly(AlertKind.DATASET, AlertKind.PARKED);
        assertThat(raised.get(1).critical()).isTrue();
        assertThat(raised.get(1).message()).contains("a file is gone (ab/cd)");
    }

    @Test
    void aThousandBadRecordsAreOneAlertAndLaterOnesTheNextAfterAnHour() {
        letters(1000, START);
        driver.advanceWallClockTime(Duration.ofSeconds(12));
        letters(5, START.plusSeconds(12));
        driver.advanceWallClockTime(Duration.ofMinutes(30));

        List<RaisedAlert> first = raised();
        assertThat(first).hasSize(1);
        assertThat(first.get(0).value()).isEqualTo(1000);
        assertThat(first.get(0).message())
                .isEqualTo("1,000 records of 'tone' were put aside as UNKNOWN_LABEL; the newest: label 'x'");
        driver.advanceWallClockTime(Duration.ofMinutes(31));
        assertThat(raised()).extracting(RaisedAlert::value).containsExactly(5.0);
        driver.advanceWallClockTime(Duration.ofHours(3));
        assertThat(raised()).isEmpty();
        assertThat(driver.getKeyValueStore("put-aside").all().hasNext()).isFalse();
    }

    @Test
    void recordsThatNameNoTaskRaiseAnAlertForTheirTopicWhichIsAboutNoModel() {
        letterOfNoTask("", "tessellate.manifests");
        letterOfNoTask("nobody's", "tessellate.manifests");
        letterOfNoTask(null, null);
        letterOfNoTask("nobody's", "not a/topic");
        driver.advanceWallClockTime(Duration.ofSeconds(12));

        List<TestRecord<String, Alert>> records = alerts.readRecordsToList();
        assertThat(records).extracting(TestRecord::key).containsOnly("");
        assertThat(records)
                .allSatisfy(record -> assertThat(topics.alerts().fault(record.key(), record.value()))
                        .isEmpty());
        List<RaisedAlert> raised =
                records.stream().map(TestRecord::value).map(AlertCodec::alert).toList();
        assertThat(raised).extracting(RaisedAlert::model).containsOnlyNulls();
        assertThat(raised)
                .extracting(RaisedAlert::message)
                .containsExactlyInAnyOrder(
                        "2 records of topic 'tessellate.manifests' that name no task were put aside as INVALID_MANIFEST;"
                                + " the newest: no key",
                        "2 records of no known topic, which name no task, were put aside as INVALID_MANIFEST;"
                                + " the newest: no key");
    }

    @Test
    void anAnswerALabelAndARunThatCannotBeReadArePassedOverCountedAndHoldNoOther() {
        TestOutputTopic<String, LiveScores> live = output(topics.liveScores());
        LabelReturned label = label("id0", 0);
        label.setMetric("applause");
        input(topics.labels()).pipeInput(MODEL + "/tone", label);
        TrainingEvent run = failed("DIVERGED");
        run.setTask("No Task");
        input(topics.trainings()).pipeInput(MODEL.value(), run);
        ask(1, 1);
        driver.advanceWallClockTime(Duration.ofSeconds(3));

        assertThat(passedOver.count(topics.labels().name())).isEqualTo(1);
        assertThat(passedOver.count(topics.trainings().name())).isEqualTo(1);
        assertThat(live.readValuesToList())
                .singleElement()
                .satisfies(standing -> assertThat(standing.getLabels()).isEqualTo(1));
        assertThat(raised()).isEmpty();
    }

    @Test
    void answersWithTheirLabelsBecomeALiveScoreAndOneFarBelowTheEvalScoreRaisesAnAlertOnce() {
        input(topics.registry()).pipeInput(MODEL.value(), registration());
        version(MODEL, 1, 0.9)
                .forEach(evaluation -> input(topics.evaluations())
                        .pipeInput(MODEL.value(), evaluated(EvaluationCodec.event(evaluation))));
        TestOutputTopic<String, LiveScores> live = output(topics.liveScores());

        ask(40, 0);
        driver.advanceWallClockTime(Duration.ofSeconds(3));
        ask(40, 40);
        driver.advanceWallClockTime(Duration.ofSeconds(3));

        List<LiveScores> scores = live.readValuesToList();
        assertThat(scores).hasSize(2);
        assertThat(scores.get(1).getScores().get(0).getExamples()).isEqualTo(80);
        assertThat(scores.get(1).getScores().get(0).getScore()).isEqualTo(0.5);
        assertThat(scores.get(1).getWaiting()).isZero();
        List<RaisedAlert> raised = raised();
        assertThat(raised).extracting(RaisedAlert::kind).containsExactly(AlertKind.LIVE);
        assertThat(raised.get(0).value()).isEqualTo(0.5);
        assertThat(raised.get(0).limit()).isEqualTo(0.9);
        assertThat(raised.get(0).message()).contains("40 labels").contains("on its eval split");
    }

    private static EvaluationCompleted evaluated(EvaluationCompleted event) {
        event.setInterval(new io.tessellate.event.ScoreInterval(0.85, 0.93, "wilson"));
        return event;
    }

    /** So many questions, every other of which is answered right. */
    private void ask(int count, int from) {
        String key = MODEL + "/tone";
        for (int n = from; n < from + count; n++) {
            input(topics.predictions())
                    .pipeInput(
                            key,
                            PredictionMade.newBuilder()
                                    .setModel(MODEL.value())
                                    .setTask("tone")
                                    .setId("id" + n)
                                    .setView(View.UNION)
                                    .setVersion(1)
                                    .setIndex(n % 2)
                                    .setTopic("predict")
                                    .setPartition(0)
                                    .setOffset(n)
                                    .setLatencyMillis(1)
                                    .setAt(START)
                                    .build());
            input(topics.labels()).pipeInput(key, label("id" + n, n));
        }
    }

    private static LabelReturned label(String id, long offset) {
        return LabelReturned.newBuilder()
                .setModel(MODEL.value())
                .setTask("tone")
                .setId(id)
                .setMetric("accuracy")
                .setIndex(1)
                .setTopic("labels")
                .setPartition(0)
                .setOffset(offset)
                .setAt(START)
                .build();
    }

    private void letters(int count, Instant at) {
        TestInputTopic<String, byte[]> letters =
                driver.createInputTopic(topics.deadLetters().name(), new StringSerializer(), new ByteArraySerializer());
        var headers = new RecordHeaders();
        headers.add(DeadLetterHeader.CODE.key(), "UNKNOWN_LABEL".getBytes(UTF_8));
        headers.add(DeadLetterHeader.REASON.key(), "label 'x'".getBytes(UTF_8));
        for (int n = 0; n < count; n++) {
            letters.pipeInput(new TestRecord<>(MODEL + "/tone", new byte[0], headers, at));
        }
    }

    private void letterOfNoTask(@Nullable String key, @Nullable String topic) {
        TestInputTopic<String, byte[]> letters =
                driver.createInputTopic(topics.deadLetters().name(), new StringSerializer(), new ByteArraySerializer());
        var headers = new RecordHeaders();
        headers.add(DeadLetterHeader.CODE.key(), "INVALID_MANIFEST".getBytes(UTF_8));
        headers.add(DeadLetterHeader.REASON.key(), "no key".getBytes(UTF_8));
        if (topic != null) {
            headers.add(DeadLetterHeader.TOPIC.key(), topic.getBytes(UTF_8));
        }
        letters.pipeInput(new TestRecord<>(key, new byte[0], headers, START));
    }

    private List<RaisedAlert> raised() {
        return alerts.readValuesToList().stream().map(AlertCodec::alert).toList();
    }

    private static TrainingEvent failed(String code) {
        return TrainingEvent.newBuilder()
                .setModel(MODEL.value())
                .setTask("tone")
                .setRunId("0123456789abcdef")
                .setAt(START)
                .setFailed(TrainingFailed.newBuilder()
                        .setCode(code)
                        .setMessage("loss is NaN")
                        .build())
                .build();
    }

    private static RegistryEvent registration() {
        return RegistryEvent.newBuilder()
                .setModel(MODEL.value())
                .setSequence(1)
                .setAt(Evaluations.START)
                .setModelRegistered(ModelRegistered.newBuilder()
                        .setBaseDigest("0".repeat(64))
                        .setFiles(List.of())
                        .setEligible(List.of())
                        .setOwnership(Ownership.EXCLUSIVE)
                        .setForgettingBudget(0.2)
                        .build())
                .build();
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
