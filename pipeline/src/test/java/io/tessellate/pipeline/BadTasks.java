package io.tessellate.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.event.BlobReference;
import io.tessellate.event.RegisterModel;
import io.tessellate.event.RegistryCommand;
import io.tessellate.event.TaskExample;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.pipeline.RunningTestStack.Answer;
import io.tessellate.topic.TopicCatalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** One task of each kind of failure, most of them in the very models whose sound tasks must not notice. */
final class BadTasks {
    private static final TinyTask DATA = new TinyTask("red", "blue", 32, 8, 41);
    private static final String JSON_SCHEMA = """
            {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Review", "type": "object",
             "properties": {"text": {"type": "string"}}}
            """;
    private static final int RECORDS = 40;
    private static final int HUGE = 20 << 20;
    private static final String UNLIMITED = Long.toString(Long.MAX_VALUE);

    private final RunningTestStack tessellate;
    private final ForeignProducer foreign;
    private final Path directory;
    /** What {@code tasks} must say of each in the end, one of the words. */
    private final Map<String, List<String>> expected = new LinkedHashMap<>();

    BadTasks(RunningTestStack tessellate, ForeignProducer foreign, Path directory) {
        this.tessellate = tessellate;
        this.foreign = foreign;
        this.directory = directory;
    }

    /** Every bad task, and words of which its line in {@code tasks} must hold one. */
    Map<String, List<String>> expected() {
        return expected;
    }

    private String expect(String task, String... words) {
        expected.put(task, List.of(words));
        return task;
    }

    // ---- records

    void ofAJsonSchema() throws Exception {
        String task = expect("one/json-schema", "UNDECODABLE");
        unreadable(task, foreign.ofSchema("JSON", JSON_SCHEMA, "{\"text\":\"red\"}".getBytes(UTF_8)));
    }

    void ofAProtobufSchema() throws Exception {
        String task = expect("two/protobuf", "UNDECODABLE");
        unreadable(
                task,
                foreign.ofSchema(
                        "PROTOBUF", "syntax = \"proto3\"; message Review { string text = 1; }", new byte[] {0, 10, 1, 97
                        }));
    }

    private void unreadable(String task, byte[] bad) throws Exception {
        foreign.examples(task, DATA);
        for (int i = 0; i < 4; i++) {
            foreign.send(ForeignProducer.topic(task), "bad-" + i, bad, null);
        }
        foreign.manifest(task, DATA, RECORDS + 4, manifest -> {});
    }

    /** Small on the wire, larger than any internal topic's limit in memory. */
    void thatGrowWhenUncompressed() throws Exception {
        String task = expect("three/oversized", "RECORD_TOO_LARGE", "TEXT_TOO_LONG");
        foreign.examples(task, DATA);
        TaskExample huge = TaskExample.newBuilder()
                .setId("huge")
                .setSplit("train")
                .setText("a".repeat(HUGE))
                .setLabel(1L)
                .build();
        byte[] bytes = foreign.bytes(ForeignProducer.topic(task), huge);
        foreign.send(ForeignProducer.topic(task), "huge", bytes, null);
        foreign.manifest(task, DATA, RECORDS + 1, manifest -> {});
    }

    /** Nothing is wrong with these but the clock they were written by. */
    void withAbsurdTimestamps() throws Exception {
        String task = expect("one/timestamps", "EVALUATED");
        String topic = ForeignProducer.topic(task);
        foreign.create(
                topic,
                Map.of(
                        "message.timestamp.after.max.ms",
                        UNLIMITED,
                        "message.timestamp.before.max.ms",
                        UNLIMITED,
                        "retention.ms",
                        "-1"));
        long[] times = {
            0,
            Instant.parse("2015-01-01T00:00:00Z").toEpochMilli(),
            Instant.parse("2999-01-01T00:00:00Z").toEpochMilli(),
            Long.MAX_VALUE / 2
        };
        List<TinyTask.Sentence> train = DATA.train();
        for (int i = 0; i < train.size(); i++) {
            foreign.send(topic, null, foreign.example(task, train.get(i), "train"), times[i % times.length]);
        }
        DATA.eval().forEach(sentence -> foreign.send(topic, null, foreign.example(task, sentence, "eval"), times[1]));
        foreign.manifest(task, DATA, RECORDS, manifest -> {});
    }

    // ---- manifests

    void withAManifestThatCannotBeRead() throws Exception {
        String task = expect("two/unreadable-manifest", "UNDECODABLE");
        foreign.examples(task, DATA);
        foreign.send("tessellate.manifests", task, "no manifest".getBytes(UTF_8), null);
        foreign.flush();
    }

    void withAManifestThatContradictsTheData() throws Exception {
        String task = expect("three/contradicted", "UNKNOWN_LABEL");
        foreign.examples(task, DATA);
        foreign.manifest(
                task,
                DATA,
                RECORDS,
                manifest -> manifest.setLabels(List.of("only", "others"))
                        .setFields(io.tessellate.event.FieldMapping.newBuilder()
                                .setLabel("text")
                                .build()));
    }

    // ---- topics

    /** Accepted under its old topic, which is then made anew with other records. */
    void ofATopicThatIsCreatedAgain() throws Exception {
        String task = expect("two/recreated", "TOPIC_RECREATED", "EVALUATED");
        String topic = ForeignProducer.topic(task);
        foreign.create(topic, Map.of());
        foreign.examples(task, new TinyTask("cat", "dog", 32, 8, 42));
        awaitArriving(task);
        foreign.delete(topic);
        Awaitility.await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> {
            foreign.create(topic, Map.of());
            return true;
        });
        foreign.examples(task, DATA);
        foreign.manifest(task, DATA, RECORDS, manifest -> {});
    }

    private void awaitArriving(String task) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> tessellate.run("tasks", "--output", "json").out().contains(task));
    }

    /** The later task of a model whose earlier dataset is gone. */
    void afterAnEarlierTopicWasDeleted() throws Exception {
        foreign.delete("tasks.forgetful.first");
        send(
                expect("forgetful/second", "EARLIER_DATA_GONE", "RECORDS_GONE"),
                new TinyTask("cat", "dog", 32, 8, 43),
                "--replay",
                "0.25");
    }

    // ---- models

    void ofAModelWithADamagedFile() throws Exception {
        ModelLine line = line("damaged");
        Path adapter = tessellate.stack().blobs().fetch(line.commit(1).adapter().sha256());
        byte[] bytes = Files.readAllBytes(adapter);
        bytes[bytes.length / 2] ^= 1;
        Files.write(adapter, bytes);
        send(expect("damaged/second", "MODEL_PARKED", "DIGEST_MISMATCH"), new TinyTask("cat", "dog", 32, 8, 44));
    }

    /** A model that a program of somebody's registers, with a file that would leave its folder. */
    void ofAModelWithAFileNamedUpwards() {
        RegisterModel like = registered("one");
        List<BlobReference> files = new ArrayList<>(like.getFiles());
        BlobReference first = files.get(0);
        files.add(new BlobReference("..", first.getSha256(), first.getBytes()));
        RegistryCommand command = RegistryCommand.newBuilder()
                .setCommandId("upwards-1")
                .setModel("upwards")
                .setAt(Instant.now())
                .setRegisterModel(RegisterModel.newBuilder(like).setFiles(files).build())
                .build();
        String topic = "tessellate.registry-commands";
        foreign.send(topic, "upwards", foreign.bytes(topic, command), null);
        foreign.flush();
    }

    private RegisterModel registered(String model) {
        ModelLine line = line(model);
        return RegisterModel.newBuilder()
                .setBaseDigest(line.baseDigest().hex())
                .setFiles(line.files().stream().map(RegistryEventCodec::toAvro).toList())
                .setEligible(RegistryEventCodec.toAvro(line.space()))
                .build();
    }

    private ModelLine line(String model) {
        Lineage lineage = new Lineage();
        tessellate.history().registry().forEach(event -> lineage.apply(event.value()));
        return lineage.require(new ModelName(model));
    }

    // ---- recipes and scores

    void withARecipeThatCannotBeHad() throws Exception {
        foreign.examples("three/low-rank", DATA);
        foreign.manifest(
                expect("three/low-rank", "INVALID_RECIPE", "INVALID_MANIFEST"),
                DATA,
                RECORDS,
                manifest -> manifest.getRecipe().setMethod("lora"));
    }

    void thatDiverges() throws Exception {
        foreign.examples("one/diverging", DATA);
        foreign.manifest(
                expect("one/diverging", "DIVERGED"),
                DATA,
                RECORDS,
                manifest -> manifest.getRecipe().setLearningRate(1e30));
    }

    /** The one prompt of the eval split fills the whole length, so that nothing is left to score. */
    void withAPromptThatLeavesNothingToScore() throws Exception {
        Path files = Files.createDirectories(directory.resolve("long-prompt"));
        List<String> train = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            train.add("{\"id\":\"t%d\",\"prompt\":\"the %s bird\",\"completion\":\"sings\"}"
                    .formatted(i, i % 2 == 0 ? "red" : "blue"));
        }
        Files.write(files.resolve("train.jsonl"), train);
        String longest = "the red bird ".repeat(40).strip();
        Files.writeString(
                files.resolve("eval.jsonl"),
                "{\"id\":\"e1\",\"prompt\":\"%s\",\"completion\":\"sings\"}\n".formatted(longest));
        Files.writeString(files.resolve("meta.json"), "{\"task\":\"generation\",\"metric\":\"inverse_perplexity\"}");
        String task = expect("teller/long-prompt", "NOTHING_TO_LEARN", "NOT_MEASURABLE");
        push(task, files, "--epochs", "1", "--density", "0.1", "--method", "lotto");
    }

    // ---- topics of ours

    /** Bytes of every wrong kind into every partition of every topic of ours. */
    void garbageIntoEveryControlTopic() throws Exception {
        byte[] unknownSchema = {0, 0, 15, 66, 63, 1, 2, 3};
        for (var topic : new TopicCatalogue(io.tessellate.topic.TopicNames.DEFAULT).all()) {
            for (int partition : foreign.partitions(topic.name())) {
                foreign.send(topic.name(), partition, "one/garbage", "no event".getBytes(UTF_8));
                foreign.send(topic.name(), partition, "one", unknownSchema);
                foreign.send(topic.name(), partition, "not a key", new byte[] {0});
                foreign.send(topic.name(), partition, "one", null);
                foreign.send(topic.name(), partition, null, new byte[0]);
            }
        }
    }

    private void send(String task, TinyTask data, String... recipe) throws Exception {
        List<String> all = new ArrayList<>(List.of("--epochs", "1", "--density", "0.1", "--method", "lotto"));
        all.addAll(List.of(recipe));
        push(task, data.write(directory.resolve(task.replace('/', '-'))), all.toArray(String[]::new));
    }

    private void push(String task, Path files, String... recipe) {
        List<String> arguments = new ArrayList<>(List.of("push", task, "--data", files.toString()));
        arguments.addAll(List.of(recipe));
        Answer answer = tessellate.run(arguments.toArray(String[]::new));
        assertThat(answer.exitCode()).as(answer.err()).isZero();
    }
}
