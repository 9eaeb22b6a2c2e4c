package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.id.TaskId;
import io.tessellate.pipeline.stack.StackFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A producer that knows nothing of Tessellate but two schemas: the genuine Confluent serializer, records of its own type,
 * and a manifest that says which field is which.
 */
@ExtendWith(SharedStack.class)
class ForeignProducerIT {
    private static final Schema TICKET = new Schema.Parser().parse("""
                    {"type":"record","name":"Ticket","namespace":"com.example.support","fields":[
                      {"name":"number","type":"long"},
                      {"name":"message","type":"string"},
                      {"name":"colour","type":{"type":"enum","name":"Colour","symbols":["red","blue","pink"]}},
                      {"name":"purpose","type":"string"}]}
                    """);

    @Test
    void plainRecordsAndAManifestTrainATask(RunningTestStack tessellate, @TempDir Path directory) throws Exception {
        Path base = TinyBase.write(directory.resolve("base"));
        var registered = tessellate.run("models", "register", "support", "--base", base.toString());
        assertThat(registered.exitCode()).as(registered.err()).isZero();
        produce(tessellate.stack().file());
        JsonNode task = Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () -> only(tessellate),
                        state -> state.path("state").asText().matches("EVALUATED|FAILED|REJECTED"));
        assertThat(task.path("state").asText()).as(task.toString()).isEqualTo("EVALUATED");
        assertThat(task.path("read").asLong()).isEqualTo(82);
        assertThat(task.path("accepted").asLong()).isEqualTo(80);
        assertThat(task.path("deadLettered").asLong()).isEqualTo(1);
        assertThat(task.path("duplicates").asLong()).isEqualTo(1);
    }

    private static JsonNode only(RunningTestStack tessellate) {
        JsonNode tasks = tessellate.run("tasks", "support", "--output", "json").json();
        return tasks.isEmpty() ? tasks : tasks.get(0);
    }

    private static void produce(StackFile stack) throws Exception {
        String topic = "tasks.support.tickets";
        Map<String, Object> settings = Map.of("bootstrap.servers", stack.bootstrapServers());
        try (Admin admin = Admin.create(settings)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
        Map<String, Object> producing = Map.of(
                "bootstrap.servers", stack.bootstrapServers(),
                "schema.registry.url", stack.schemaRegistryUrl(),
                "key.serializer", StringSerializer.class.getName(),
                "value.serializer", KafkaAvroSerializer.class.getName());
        try (KafkaProducer<String, Object> producer = new KafkaProducer<>(producing)) {
            List<TinyTask.Sentence> train = new TinyTask("red", "blue", 64, 16, 9).train();
            for (int i = 0; i < train.size(); i++) {
                producer.send(new ProducerRecord<>(topic, ticket(i, train.get(i), "train")));
            }
            List<TinyTask.Sentence> eval = new TinyTask("red", "blue", 64, 16, 9).eval();
            for (int i = 0; i < eval.size(); i++) {
                producer.send(new ProducerRecord<>(topic, ticket(1000 + i, eval.get(i), "eval")));
            }
            producer.send(new ProducerRecord<>(topic, ticket(0, train.get(0), "train")));
            producer.send(new ProducerRecord<>(topic, strange()));
            producer.send(new ProducerRecord<>("tessellate.manifests", "support/tickets", manifest(stack)))
                    .get();
        }
    }

    private static GenericRecord ticket(long number, TinyTask.Sentence sentence, String purpose) {
        GenericRecord record = new GenericData.Record(TICKET);
        record.put("number", number);
        record.put("message", sentence.text());
        record.put("colour", colour(sentence.label() == 0 ? "red" : "blue"));
        record.put("purpose", purpose);
        return record;
    }

    private static GenericRecord strange() {
        GenericRecord record = new GenericData.Record(TICKET);
        record.put("number", 9999L);
        record.put("message", "the pink bird");
        record.put("colour", colour("pink"));
        record.put("purpose", "train");
        return record;
    }

    private static GenericData.EnumSymbol colour(String name) {
        return new GenericData.EnumSymbol(TICKET.getField("colour").schema(), name);
    }

    /** Built from the schema in the registry, as a producer in another language does. */
    private static GenericRecord manifest(StackFile stack) throws IOException {
        Schema schema = schema(stack);
        GenericRecord fields = new GenericData.Record(
                schema.getField("fields").schema().getTypes().get(1));
        fields.put("id", "number");
        fields.put("text", "message");
        fields.put("label", "colour");
        fields.put("split", "purpose");
        GenericRecord recipe = new GenericData.Record(
                schema.getField("recipe").schema().getTypes().get(1));
        recipe.put("method", "lotto");
        recipe.put("epochs", 1.0);
        recipe.put("seed", 3L);
        GenericRecord manifest = new GenericData.Record(schema);
        TaskId task = TaskId.of("support", "tickets");
        manifest.put("model", task.model().value());
        manifest.put("task", task.task().value());
        manifest.put(
                "state", new GenericData.EnumSymbol(schema.getField("state").schema(), "CLOSED"));
        manifest.put(
                "objective",
                new GenericData.EnumSymbol(schema.getField("objective").schema(), "CLASSIFICATION"));
        manifest.put("labels", List.of("red", "blue"));
        manifest.put("fields", fields);
        manifest.put("expectedRecords", 82L);
        manifest.put("tolerance", 0.05);
        manifest.put("recipe", recipe);
        return manifest;
    }

    private static Schema schema(StackFile stack) throws IOException {
        try (var client = new io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient(
                stack.schemaRegistryUrl(), 10)) {
            return new Schema.Parser()
                    .parse(client.getLatestSchemaMetadata("tessellate.manifests-value")
                            .getSchema());
        } catch (io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException e) {
            throw new IOException(e);
        }
    }
}
