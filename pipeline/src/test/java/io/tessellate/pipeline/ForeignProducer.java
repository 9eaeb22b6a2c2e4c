package io.tessellate.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.tessellate.event.DatasetState;
import io.tessellate.event.Objective;
import io.tessellate.event.Recipe;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.TaskId;
import io.tessellate.pipeline.stack.StackFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Somebody's own program, which writes what it likes to the broker and asks nobody. */
final class ForeignProducer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LARGEST_REQUEST = 64 << 20;

    private final StackFile stack;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaAvroSerializer avro = new KafkaAvroSerializer();

    ForeignProducer(StackFile stack) {
        this.stack = stack;
        Map<String, Object> settings = Map.of("bootstrap.servers", stack.bootstrapServers());
        this.admin = Admin.create(settings);
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        stack.bootstrapServers(),
                        "compression.type",
                        "gzip",
                        "max.request.size",
                        LARGEST_REQUEST,
                        "buffer.memory",
                        (long) LARGEST_REQUEST),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        avro.configure(Map.of("schema.registry.url", stack.schemaRegistryUrl()), false);
    }

    static String topic(String task) {
        return "tasks." + task.replace('/', '.');
    }

    void create(String topic, Map<String, String> config) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(config)))
                .all()
                .get();
    }

    /** Asks nobody first: a topic just made is listed a while later. */
    private void createIfAbsent(String topic) throws Exception {
        try {
            create(topic, Map.of());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    void delete(String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
    }

    List<Integer> partitions(String topic) throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                .map(partition -> partition.partition())
                .toList();
    }

    byte[] bytes(String topic, SpecificRecord value) {
        return avro.serialize(topic, value);
    }

    /** Records of a task's both splits, in a topic that is made if it is not there. */
    void examples(String task, TinyTask data) throws Exception {
        createIfAbsent(topic(task));
        data.train().forEach(sentence -> send(topic(task), null, example(task, sentence, "train"), null));
        data.eval().forEach(sentence -> send(topic(task), null, example(task, sentence, "eval"), null));
        producer.flush();
    }

    byte[] example(String task, TinyTask.Sentence sentence, String split) {
        TaskExample example = TaskExample.newBuilder()
                .setId(sentence.id())
                .setSplit(split)
                .setText(sentence.text())
                .setLabel((long) sentence.label())
                .build();
        return bytes(topic(task), example);
    }

    /** A manifest that closes a task after some records; the change makes of it what it likes. */
    void manifest(String task, TinyTask data, long records, Consumer<TaskManifest.Builder> change) {
        TaskId id = TaskId.parse(task);
        TaskManifest.Builder manifest = TaskManifest.newBuilder()
                .setModel(id.model().value())
                .setTask(id.task().value())
                .setState(DatasetState.CLOSED)
                .setObjective(Objective.CLASSIFICATION)
                .setLabels(List.of(data.zero(), data.one()))
                .setExpectedRecords(records)
                .setRecipe(Recipe.newBuilder()
                        .setMethod("lotto")
                        .setDensity(0.05)
                        .setEpochs(1.0)
                        .setSeed(3L)
                        .build());
        change.accept(manifest);
        String topic = "tessellate.manifests";
        send(topic, task, bytes(topic, manifest.build()), null);
        producer.flush();
    }

    /** Writes bytes, with a timestamp of the producer's choice. */
    void send(String topic, @Nullable String key, byte @Nullable [] value, @Nullable Long timestamp) {
        producer.send(new ProducerRecord<>(topic, null, timestamp, key == null ? null : key.getBytes(UTF_8), value));
    }

    /** Writes bytes to one partition, and waits until they are there. */
    void send(String topic, int partition, @Nullable String key, byte @Nullable [] value) throws Exception {
        try {
            producer.send(new ProducerRecord<>(topic, partition, key == null ? null : key.getBytes(UTF_8), value))
                    .get();
        } catch (ExecutionException e) {
            System.out.println("the broker refuses a record without value for " + topic + ": "
                    + e.getCause().getMessage());
        }
    }

    /** A payload behind the header of a schema of another type than Avro. */
    byte[] ofSchema(String type, String schema, byte[] payload) throws IOException, InterruptedException {
        int id = register("foreign-" + type.toLowerCase(java.util.Locale.ROOT) + "-value", type, schema);
        return ByteBuffer.allocate(1 + Integer.BYTES + payload.length)
                .put((byte) 0)
                .putInt(id)
                .put(payload)
                .array();
    }

    private int register(String subject, String type, String schema) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(stack.schemaRegistryUrl() + "/subjects/" + subject + "/versions"))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        JSON.writeValueAsString(Map.of("schemaType", type, "schema", schema))))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError("the registry refuses the schema: " + answer.body());
        }
        return JSON.readTree(answer.body()).path("id").asInt();
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
        avro.close();
    }
}
