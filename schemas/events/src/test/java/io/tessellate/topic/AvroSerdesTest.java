package io.tessellate.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskOpened;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

final class AvroSerdesTest {
    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient(List.of(new AvroSchemaProvider()));
    private final Topic<TaskEvent> topic = new TopicCatalogue(TopicNames.DEFAULT).tasks();

    private static TaskEvent opened() {
        return TaskEvent.newBuilder()
                .setModel("glue")
                .setTask("sst2")
                .setAt(Instant.ofEpochMilli(1_700_000_000_000L))
                .setOpened(new TaskOpened("tasks.glue.sst2"))
                .build();
    }

    @Test
    void anEventSurvivesTheWay() {
        new Subjects(registry).provision(topic);
        var serde = new AvroSerdes(registry, false).of(topic);
        byte[] bytes = serde.serializer().serialize(topic.name(), opened());
        assertThat(bytes[0]).isZero();
        assertThat(serde.deserializer().deserialize(topic.name(), bytes)).isEqualTo(opened());
    }

    @Test
    void nothingIsRegisteredByTheFirstWriter() {
        var serializer = new AvroSerdes(registry, false).of(topic).serializer();
        assertThatThrownBy(() -> serializer.serialize(topic.name(), opened()))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void provisioningSetsTheLevelOfTheSubject() throws Exception {
        new Subjects(registry).provision(topic);
        assertThat(registry.getCompatibility("tessellate.tasks-value")).isEqualTo("FULL");
        int version = registry.getLatestSchemaMetadata("tessellate.tasks-value").getVersion();
        new Subjects(registry).provision(topic);
        assertThat(registry.getLatestSchemaMetadata("tessellate.tasks-value").getVersion())
                .isEqualTo(version);
    }

    /** A registry that was slow: the call was given up and repeated, and had had its effect the first time. */
    @Test
    void aSubjectThatIsThereByNowIsNoConflict() throws Exception {
        var slow = new MockSchemaRegistryClient(List.of(new AvroSchemaProvider())) {
            private boolean answered;

            @Override
            public int register(String subject, ParsedSchema schema) throws IOException, RestClientException {
                int id = super.register(subject, schema);
                if (!answered) {
                    answered = true;
                    throw new RestClientException(
                            "An artifact with ID '%s' already exists.".formatted(subject), 409, 409);
                }
                return id;
            }
        };
        new Subjects(slow).provision(topic);
        assertThat(slow.getAllVersions("tessellate.tasks-value")).hasSize(1);
    }

    @Test
    void aSchemaThatDoesNotFitTheOthersIsOne() throws Exception {
        var strict = new MockSchemaRegistryClient(List.of(new AvroSchemaProvider())) {
            @Override
            public int register(String subject, ParsedSchema schema) throws IOException, RestClientException {
                if (getAllSubjects().contains(subject) && !testCompatibility(subject, schema)) {
                    throw new RestClientException("incompatible with an earlier schema", 409, 409);
                }
                return super.register(subject, schema);
            }
        };
        strict.register("tessellate.tasks-value", new AvroSchema("\"string\""));
        assertThatThrownBy(() -> new Subjects(strict).provision(topic))
                .isInstanceOf(TessellateException.class)
                .hasMessageContaining("not FULL compatible");
    }

    @Test
    void bytesStayBytes() {
        Topic<byte[]> letters = new TopicCatalogue(TopicNames.DEFAULT).deadLetters();
        byte[] bytes = {1, 2};
        var serde = new AvroSerdes("mock://bytes", true).of(letters);
        assertThat(serde.serializer().serialize("t", bytes)).isEqualTo(bytes);
    }

    @Test
    void cloudEventHeadersNameTheVariantAndStayTheSameForTheSameEvent() {
        Headers once = new RecordHeaders();
        Headers again = new RecordHeaders();
        var events = new CloudEvents("tessellate/ingest");
        events.stamp(once, opened(), "glue/sst2", Instant.EPOCH);
        events.stamp(again, opened(), "glue/sst2", Instant.EPOCH);
        events.stamp(again, opened(), "glue/sst2", Instant.EPOCH);
        assertThat(again.toArray()).isEqualTo(once.toArray()).hasSize(7);
        assertThat(new String(once.lastHeader("ce_type").value(), UTF_8)).isEqualTo("io.tessellate.task-opened");
        assertThat(new String(once.lastHeader("ce_time").value(), UTF_8)).isEqualTo("1970-01-01T00:00:00Z");
        events.stamp(once, opened(), "glue/sst2", Instant.ofEpochSecond(1));
        assertThat(once.toArray()).hasSize(7);
    }
}
