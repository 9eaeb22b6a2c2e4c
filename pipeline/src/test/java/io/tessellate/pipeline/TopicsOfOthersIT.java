package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.DatasetState;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import io.tessellate.event.TaskReady;
import io.tessellate.id.TaskId;
import io.tessellate.pipeline.stack.Member;
import io.tessellate.pipeline.stack.Stack;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.runtime.config.Configuration;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.topic.TopicNames;
import io.tessellate.topic.TopicProvisioner;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ingest on a real broker, with topics and records that are not as ours. One start serves all, in one test. */
class TopicsOfOthersIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    private Stack stack;
    private KafkaClients clients;
    private Admin admin;
    private KafkaProducer<byte[], byte[]> producer;
    private Serializer<SpecificRecord> avro;
    private LogTail<TaskEvent> tail;
    private final List<TaskEvent> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        RunningTestStack.requireRegistry();
        StackSettings settings = StackSettings.of(
                Configuration.load(StackSettings.mappings(), Optional.empty(), Map.of(), Map.of()),
                new DataDirectory(directory));
        stack = new Stack(settings, EnumSet.of(Member.INGEST), stage -> {});
        stack.start();
        stack.awaitReady(Duration.ofMinutes(3));
        clients = stack.clients();
        admin = clients.admin();
        Map<String, Object> producing = new HashMap<>(clients.settings().clientProperties());
        producing.put("compression.type", "zstd");
        producing.put("max.request.size", 64 << 20);
        producing.put("buffer.memory", 64 << 20);
        producer = new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer());
        avro = new AvroSerdes(clients.registry(), true).serializer();
        tail = new LogTail<>(clients, clients.topics().tasks(), entry -> events.add(entry.value()));
        tail.start();
    }

    @AfterEach
    void stop() {
        if (stack != null) {
            tail.close();
            producer.close(Duration.ofSeconds(5));
            admin.close(Duration.ofSeconds(5));
            stack.close();
        }
    }

    @Test
    void oddTopicsAndRecordsAreSaidAndStopNobody() throws Exception {
        recordsOfAnotherKindOfSchemaAndOfAnySizeAreOneDeadLetterEach();
        recordsFromTheFutureAreRecordsLikeOthers();
        aTopicCreatedAgainGivesOnlyWhatItHoldsNow();
        recordsThatAreGoneRejectTheirTask();
        anInternalTopicOfTooShortARetentionIsRefusedByName();
        theLanesOfAnEarlierVersionAreEnlarged();
    }

    private void recordsOfAnotherKindOfSchemaAndOfAnySizeAreOneDeadLetterEach() throws Exception {
        TaskId task = TaskId.parse("odd/records");
        create(task, Map.of());
        int json = register(
                clients.topics().names().task(task) + "-json-value",
                "JSON",
                "{\"title\":\"R\",\"type\":\"object\",\"properties\":{\"nr\":{\"type\":\"string\"}}}");
        send(task, ByteBuffer.allocate(20).put((byte) 0).putInt(json).array(), null);
        send(task, example(task, 100, "x".repeat(20 << 20)), null);
        push(task, "", 10);
        manifest(task, 12);
        assertThat(ready(task).getCounts()).isEqualTo(new RecordCounts(12L, 10L, 2L, 0L));
    }

    private void recordsFromTheFutureAreRecordsLikeOthers() throws Exception {
        TaskId task = TaskId.parse("odd/future");
        create(task, Map.of("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE)));
        send(
                task,
                example(task, 100, "soon"),
                System.currentTimeMillis() + Duration.ofDays(2).toMillis());
        push(task, "", 10);
        manifest(task, 11);
        assertThat(ready(task).getCounts()).isEqualTo(new RecordCounts(11L, 11L, 0L, 0L));
    }

    private void aTopicCreatedAgainGivesOnlyWhatItHoldsNow() throws Exception {
        TaskId task = TaskId.parse("odd/recreated");
        create(task, Map.of());
        push(task, "old ", 10);
        await(task, event -> event.getCounted() != null && event.getCounted().getWaiting() == 10);
        admin.deleteTopics(List.of(clients.topics().names().task(task))).all().get();
        // Until its readers have noticed: at once, the new topic would be read on from where the old one ended.
        Awaitility.await()
                .pollDelay(Duration.ofSeconds(5))
                .atMost(LONG)
                .ignoreExceptions()
                .until(() -> {
                    create(task, Map.of());
                    return true;
                });
        push(task, "new ", 10);
        manifest(task, 10);
        assertThat(ready(task).getCounts()).isEqualTo(new RecordCounts(10L, 10L, 0L, 0L));
        assertThat(of(task))
                .anyMatch(event -> event.getNoted() != null
                        && event.getNoted().getCode().equals(ErrorCode.TOPIC_RECREATED.name()));
    }

    private void recordsThatAreGoneRejectTheirTask() throws Exception {
        TaskId task = TaskId.parse("odd/gone");
        String topic = create(task, Map.of("retention.ms", "604800000"));
        push(task, "", 10);
        await(
                task,
                event -> event.getNoted() != null
                        && event.getNoted().getCode().equals(ErrorCode.RECORDS_AT_RISK.name()));
        admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(4)))
                .all()
                .get();
        manifest(task, 10);
        TaskEvent rejected = await(task, event -> event.getRejected() != null);
        assertThat(rejected.getRejected().getCode()).isEqualTo(ErrorCode.RECORDS_GONE.name());
        assertThat(rejected.getRejected().getMessage()).contains("from offset 0 up to 4 are gone");
    }

    private void anInternalTopicOfTooShortARetentionIsRefusedByName() throws Exception {
        var catalogue = new TopicCatalogue(new TopicNames("other", "othertasks"), 1);
        admin.createTopics(List.of(
                        new NewTopic("other.tasks", 1, (short) 1).configs(Map.of("retention.ms", "604800000")),
                        new NewTopic("other.dead-letters", 1, (short) 1)
                                .configs(Map.of("max.message.bytes", "1000000", "retention.ms", "-1"))))
                .all()
                .get();
        assertThatThrownBy(() -> new TopicProvisioner(admin, clients.registry(), catalogue).provision())
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
                .hasMessageContaining("topic other.tasks has retention.ms=604800000, needed is -1")
                .hasMessageContaining(
                        "topic other.dead-letters has max.message.bytes=1000000, needed is 16777216 or more");
    }

    private void theLanesOfAnEarlierVersionAreEnlarged() throws Exception {
        var catalogue = new TopicCatalogue(new TopicNames("earlier", "earliertasks"), 1);
        String lanes = catalogue.parallelTasks().name();
        admin.createTopics(List.of(new NewTopic(lanes, 4, (short) 1)
                        .configs(catalogue.parallelTasks().config())))
                .all()
                .get();
        TopicProvisioner provisioner = new TopicProvisioner(admin, clients.registry(), catalogue);
        provisioner.provision(catalogue.parallelTasks());
        assertThat(admin.describeTopics(List.of(lanes))
                        .allTopicNames()
                        .get()
                        .get(lanes)
                        .partitions())
                .hasSize(TopicCatalogue.LANES);
        provisioner.provision(catalogue.parallelTasks());
    }

    private String create(TaskId task, Map<String, String> config) throws Exception {
        String topic = clients.topics().names().task(task);
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(config)))
                .all()
                .get();
        return topic;
    }

    private int register(String subject, String type, String schema) throws Exception {
        String body = "{\"schemaType\":\"%s\",\"schema\":\"%s\"}".formatted(type, schema.replace("\"", "\\\""));
        var request = HttpRequest.newBuilder(
                        URI.create(clients.settings().schemaRegistryUrl() + "/subjects/%s/versions".formatted(subject)))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        String answer = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .body();
        return Integer.parseInt(answer.replaceAll("(?s).*\"id\"\\s*:\\s*(\\d+).*", "$1"));
    }

    private byte[] example(TaskId task, int number, String text) {
        return avro.serialize(
                clients.topics().names().task(task),
                TaskExample.newBuilder()
                        .setId("id-" + number)
                        .setSplit(number % 5 == 4 ? "eval" : "train")
                        .setText(text)
                        .setLabel("good")
                        .build());
    }

    private void push(TaskId task, String text, int records) throws Exception {
        for (int i = 0; i < records; i++) {
            send(task, example(task, i, "%s%s %d".formatted(text, task, i)), null);
        }
    }

    private void send(TaskId task, byte[] value, Long timestamp) throws Exception {
        producer.send(new ProducerRecord<>(clients.topics().names().task(task), 0, timestamp, null, value))
                .get();
    }

    private void manifest(TaskId task, long records) throws Exception {
        String topic = clients.topics().manifests().name();
        TaskManifest manifest = TaskManifest.newBuilder()
                .setModel(task.model().value())
                .setTask(task.task().value())
                .setState(DatasetState.CLOSED)
                .setLabels(List.of("bad", "good"))
                .setExpectedRecords(records)
                .setTolerance(0.5)
                .build();
        byte[] key = task.toString().getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, key, avro.serialize(topic, manifest)))
                .get();
    }

    private TaskReady ready(TaskId task) {
        return Objects.requireNonNull(
                await(task, event -> event.getReady() != null).getReady());
    }

    private TaskEvent await(TaskId task, Predicate<TaskEvent> condition) {
        return Awaitility.await("%s among %s".formatted(task, of(task)))
                .atMost(LONG)
                .until(() -> of(task).stream().filter(condition).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    private List<TaskEvent> of(TaskId task) {
        return events.stream()
                .filter(event -> event.getModel().equals(task.model().value())
                        && event.getTask().equals(task.task().value()))
                .toList();
    }
}
