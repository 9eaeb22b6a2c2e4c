package io.tessellate.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.event.PredictionMade;
import io.tessellate.event.TaskExample;
import io.tessellate.event.View;
import io.tessellate.pipeline.rest.StackApi;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.DeadLetterHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The topic pair: what is written to predict topics is answered, or put aside, once and only once. */
@ExtendWith(SharedStack.class)
class PredictedTopicsIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final RunningTestStack tessellate;
    private final Path directory;
    private final PushedTasks tasks;

    PredictedTopicsIT(RunningTestStack tessellate, @TempDir Path directory) throws IOException {
        this.tessellate = tessellate;
        this.directory = directory;
        this.tasks = new PushedTasks(tessellate, directory, TinyBase.write(directory.resolve("base")));
    }

    @Test
    void recordsAreAnsweredAsTheCommandAnswersThemAndBadOnesArePutAside() throws Exception {
        TinyTask colours = new TinyTask("red", "blue", 96, 32, 1);
        tasks.register("pair", "--forgetting-budget", "1");
        tasks.push("pair/colours", colours, "--density", "0.2");
        tasks.awaitChampion("pair", 1);
        create("predict.pair.colours", 2);
        create("predict.pair.nothing", 1);
        List<TinyTask.Sentence> sentences = colours.eval();
        try (Producer producer = new Producer(tessellate.stack().clients())) {
            producer.send("predict.pair.nothing", json(sentences.get(0)), Map.of());
            for (int i = 0; i < sentences.size(); i++) {
                TinyTask.Sentence sentence = sentences.get(i);
                byte[] value = i % 2 == 0 ? json(sentence) : producer.avro("predict.pair.colours", sentence);
                producer.send("predict.pair.colours", value, Map.of());
            }
            producer.send("predict.pair.colours", "no json".getBytes(UTF_8), Map.of());
            producer.send("predict.pair.colours", "{\"prompt\":\"red\"}".getBytes(UTF_8), Map.of());
            producer.send("predict.pair.colours", json(sentences.get(0)), Map.of("tessellate.version", "7"));
            producer.send("predict.pair.colours", json(sentences.get(0)), Map.of("tessellate.view", "union"));
        }
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(made("pair")).hasSize(sentences.size() + 1);
            assertThat(codes("predict.pair.colours"))
                    .containsExactlyInAnyOrder("UNDECODABLE", "MISSING_FIELD", "UNKNOWN_VERSION");
            assertThat(codes("predict.pair.nothing")).containsExactly("UNKNOWN_TASK");
        });
        assertThat(made("pair"))
                .filteredOn(made -> made.getView() == View.UNION)
                .hasSize(1);
        sameAsTheCommand(sentences);
        labelsComeBack(sentences);
        theyDoToWhatIsAskedByCommandAndByHttp(sentences);
    }

    /** Their score stands beside the one of the eval split; what comes twice, never or as nonsense is counted. */
    private void labelsComeBack(List<TinyTask.Sentence> sentences) throws Exception {
        create("labels.pair.colours", 2);
        try (Producer producer = new Producer(tessellate.stack().clients())) {
            for (TinyTask.Sentence sentence : sentences.subList(1, sentences.size())) {
                producer.send("labels.pair.colours", label(sentence.id(), sentence.label()), Map.of());
            }
            producer.send(
                    "labels.pair.colours",
                    label(sentences.get(1).id(), sentences.get(1).label()),
                    Map.of());
            producer.send("labels.pair.colours", label("never-asked", 1), Map.of());
            producer.send("labels.pair.colours", label(sentences.get(0).id(), 7), Map.of());
        }
        long right = sentences.subList(1, sentences.size()).stream()
                .filter(sentence -> made("pair").stream()
                        .anyMatch(made -> made.getView() == View.TASK
                                && sentence.id().equals(made.getId())
                                && made.getIndex() == sentence.label()))
                .count();
        int labelled = sentences.size() - 1;
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode live =
                    tessellate.run("live", "pair", "--output", "json").json().path(0);
            JsonNode counts = live.path("counts");
            assertThat(counts.path("labels").asInt()).isEqualTo(labelled + 1);
            assertThat(counts.path("labelsAgain").asInt()).isEqualTo(1);
            assertThat(counts.path("early").asInt()).isEqualTo(1);
            assertThat(counts.path("waiting").asInt()).isEqualTo(1);
            JsonNode score = live.path("scores").path(0);
            assertThat(score.path("view").asText()).isEqualTo("task");
            assertThat(score.path("examples").asInt()).isEqualTo(labelled);
            assertThat(score.path("score").asDouble()).isEqualTo((double) right / labelled);
            assertThat(score.path("eval").isNumber()).isTrue();
            assertThat(codes("labels.pair.colours")).containsExactly("UNKNOWN_LABEL");
        });
        assertThat(tessellate.run("live", "pair").out()).contains("1 labelled and not answered yet");
    }

    /** Under ids of their own; what has none is answered and not written down. */
    private void theyDoToWhatIsAskedByCommandAndByHttp(List<TinyTask.Sentence> sentences) throws Exception {
        int before = examples();
        List<String> lines = new ArrayList<>(List.of("{\"text\":\"red\"}"));
        for (TinyTask.Sentence sentence : sentences.subList(1, sentences.size())) {
            lines.add(JSON.writeValueAsString(Map.of("id", "by-command-" + sentence.id(), "text", sentence.text())));
        }
        Path file = Files.write(directory.resolve("recorded.jsonl"), lines);
        RunningTestStack.Answer asked = tessellate.run("predict", "pair/colours", "--recorded", file.toString());
        assertThat(asked.exitCode()).as(asked.err()).isZero();
        assertThat(asked.err())
                .contains("%d answers are written down for live scores, 1 had no id".formatted(sentences.size() - 1));
        StackApi api = new StackApi(
                tessellate.stack().file().http(),
                Path.of(tessellate.stack().file().token()));
        String path = "/api/v1/models/pair/tasks/colours/predictions";
        JsonNode one = api.post(
                path + "?recorded=true",
                Map.of("id", "by-http", "text", sentences.get(0).text()));
        assertThat(one.path("recorded")).isEqualTo(JSON.readTree("{\"written\":1,\"withoutId\":0,\"lost\":0}"));
        assertThat(api.post(path, Map.of("id", "by-http", "text", "red")).has("recorded"))
                .isFalse();
        assertThatThrownBy(() -> api.post(path + "?recorded=soon", Map.of("text", "red")))
                .hasMessageContaining("recorded 'soon' must be true or false");

        try (Producer producer = new Producer(tessellate.stack().clients())) {
            for (TinyTask.Sentence sentence : sentences.subList(1, sentences.size())) {
                producer.send("labels.pair.colours", label("by-command-" + sentence.id(), sentence.label()), Map.of());
            }
            producer.send(
                    "labels.pair.colours", label("by-http", sentences.get(0).label()), Map.of());
        }
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(examples()).isEqualTo(before + sentences.size());
            assertThat(made("pair"))
                    .filteredOn(
                            made -> made.getTopic().isEmpty() && made.getId().startsWith("by-"))
                    .hasSize(sentences.size() + 1)
                    .allSatisfy(made -> assertThat(made.getOffset()).isEqualTo(-1));
        });
    }

    /** Labelled answers of the task view. */
    private int examples() throws IOException {
        return tessellate
                .run("live", "pair", "--output", "json")
                .json()
                .path(0)
                .path("scores")
                .path(0)
                .path("examples")
                .asInt();
    }

    private static byte[] label(String id, int label) throws IOException {
        return JSON.writeValueAsBytes(Map.of("id", id, "label", label));
    }

    private void sameAsTheCommand(List<TinyTask.Sentence> sentences) throws IOException {
        List<String> lines = new ArrayList<>();
        for (TinyTask.Sentence sentence : sentences) {
            lines.add(new String(json(sentence), UTF_8));
        }
        Path file = Files.write(directory.resolve("texts.jsonl"), lines);
        for (String line : tessellate
                .run("predict", "pair/colours", file.toString())
                .out()
                .lines()
                .toList()) {
            JsonNode said = JSON.readTree(line);
            assertThat(made("pair"))
                    .filteredOn(made -> made.getView() == View.TASK
                            && !made.getTopic().isEmpty()
                            && said.path("id").asText().equals(made.getId()))
                    .singleElement()
                    .satisfies(made -> {
                        assertThat(made.getVersion()).isEqualTo(1);
                        assertThat(made.getLabel()).isEqualTo(said.path("label").asText());
                        assertThat(made.getProbabilities())
                                .containsExactly(
                                        said.path("probabilities").path("red").asDouble(),
                                        said.path("probabilities").path("blue").asDouble());
                        assertThat(made.getLatencyMillis()).isPositive();
                    });
        }
    }

    @Test
    void aPredictorThatIsKilledLosesNoRecordAndAnswersNoneTwice() throws Exception {
        tasks.register("killed", "--forgetting-budget", "1");
        tasks.push("killed/colours", new TinyTask("red", "blue", 96, 32, 1), "--density", "0.2");
        create("predict.killed.colours", 4);
        Path data = Files.createDirectories(directory.resolve("beside"));
        StackProcess beside =
                StackProcess.part("predictor", data, tessellate.stack().file()).awaitReady();
        int written = 0;
        try (Producer producer = new Producer(tessellate.stack().clients())) {
            for (int round = 0; round < 6; round++) {
                for (int i = 0; i < 100; i++, written++) {
                    String text = written % 25 == 0 ? "" : "a red word " + written;
                    byte[] value = JSON.writeValueAsBytes(Map.of("id", "n" + written, "text", text));
                    producer.send("predict.killed.colours", value, Map.of());
                }
                producer.flush();
                if (round == 3) {
                    beside.kill();
                    beside = StackProcess.part(
                            "predictor", data, tessellate.stack().file());
                }
            }
            int all = written;
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> made("killed").size()
                                    + codes("predict.killed.colours").size()
                            >= all);
        } finally {
            beside.kill();
        }
        List<String> ends = new ArrayList<>();
        made("killed").forEach(made -> ends.add(made.getPartition() + "@" + made.getOffset()));
        letters("predict.killed.colours")
                .forEach(letter ->
                        ends.add(DeadLetterHeader.PARTITION.in(letter.headers()).orElseThrow() + "@"
                                + DeadLetterHeader.OFFSET.in(letter.headers()).orElseThrow()));
        assertThat(ends).doesNotHaveDuplicates().hasSize(written);
        assertThat(made("killed")).extracting(PredictionMade::getId).doesNotHaveDuplicates();
    }

    private static byte[] json(TinyTask.Sentence sentence) throws IOException {
        return JSON.writeValueAsBytes(Map.of("id", sentence.id(), "text", sentence.text()));
    }

    private void create(String topic, int partitions) throws Exception {
        try (Admin admin = tessellate.stack().clients().admin()) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    private List<PredictionMade> made(String model) {
        return tasks.read(tessellate.stack().clients().topics().predictions()).stream()
                .filter(made -> made.getModel().equals(model))
                .toList();
    }

    private List<String> codes(String topic) {
        return letters(topic).stream()
                .map(letter -> DeadLetterHeader.CODE.in(letter.headers()).orElseThrow())
                .toList();
    }

    private List<ConsumerRecord<String, byte[]>> letters(String topic) {
        KafkaClients clients = tessellate.stack().clients();
        List<ConsumerRecord<String, byte[]>> letters = Collections.synchronizedList(new ArrayList<>());
        try (LogTail<byte[]> tail = new LogTail<>(clients, clients.topics().deadLetters(), letters::add)) {
            tail.start();
            tail.awaitCaughtUp(PATIENCE);
        }
        return letters.stream()
                .filter(letter -> DeadLetterHeader.TOPIC
                        .in(letter.headers())
                        .filter(topic::equals)
                        .isPresent())
                .toList();
    }

    /** Somebody's producer. */
    private static final class Producer implements AutoCloseable {
        private final KafkaProducer<byte[], byte[]> producer;
        private final AvroSerdes serdes;

        Producer(KafkaClients clients) {
            producer = new KafkaProducer<>(
                    clients.settings().clientProperties(), new ByteArraySerializer(), new ByteArraySerializer());
            serdes = new AvroSerdes(clients.registry(), true);
        }

        byte[] avro(String topic, TinyTask.Sentence sentence) {
            return serdes.of(TaskExample.class)
                    .serializer()
                    .serialize(
                            topic,
                            TaskExample.newBuilder()
                                    .setId(sentence.id())
                                    .setText(sentence.text())
                                    .build());
        }

        void send(String topic, byte[] value, Map<String, String> headers) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, value);
            headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
            producer.send(record);
        }

        void flush() {
            producer.flush();
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
