package io.tessellate.dataset.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import io.tessellate.topic.AvroSerdes;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RecordDecoderTest {
    private static final String TOPIC = "tasks.shop.reviews";

    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient(List.of(new AvroSchemaProvider()));
    private final RecordDecoder decoder = new RecordDecoder(registry);

    private byte[] review() {
        Map<String, Object> values = new HashMap<>();
        values.put("review_id", 17L);
        values.put("body", "Nice shoes, a text long enough to be cut");
        values.put("stars", 2);
        values.put("part", "train");
        try (var serializer = new KafkaAvroSerializer(registry, Map.of("schema.registry.url", "mock://unused"))) {
            return serializer.serialize(TOPIC, Schemas.record(Schemas.review("\"int\""), values));
        }
    }

    private void assertUndecodable(byte[] bytes) {
        assertThatThrownBy(() -> decoder.decode(TOPIC, bytes))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDECODABLE));
    }

    @Test
    void whatTheGenuineSerializerWroteIsReadWithoutKnowingItsSchema() {
        GenericRecord record = decoder.decode(TOPIC, review());
        assertThat(record.get("review_id")).isEqualTo(17L);
        assertThat(record.get("stars")).isEqualTo(2);
        assertThat(record.get("body")).hasToString("Nice shoes, a text long enough to be cut");
    }

    @Test
    void bytesThatAreNoRecordAreTheRecordsFault() throws Exception {
        assertUndecodable(null);
        assertUndecodable(new byte[0]);
        assertUndecodable(new byte[] {0, 0, 0, 0});
        assertUndecodable(new byte[] {1, 0, 0, 0, 1, 5});
        assertUndecodable(new byte[] {0, 0, 0, 9, 9, 5});
        int text = registry.register("text", new AvroSchema(Schema.create(Schema.Type.STRING)));
        assertUndecodable(new byte[] {0, 0, 0, 0, (byte) text, 2, 'x'});
    }

    @Test
    void cutOrDamagedRecordsNeverEscapeAsAnythingElse() {
        byte[] good = review();
        for (int length = 5; length < good.length; length++) {
            assertUndecodable(Arrays.copyOf(good, length));
        }
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = good.clone();
            for (int hits = random.nextInt(4); hits >= 0; hits--) {
                damaged[5 + random.nextInt(good.length - 5)] = (byte) random.nextInt();
            }
            try {
                assertThat(decoder.decode(TOPIC, damaged)).isNotNull();
            } catch (TessellateException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.UNDECODABLE);
            }
        }
    }

    @Test
    void nestingThatExhaustsTheStackIsTheRecordsFault() throws Exception {
        Schema nested = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Nested\",\"fields\":["
                        + "{\"name\":\"inner\",\"type\":[\"null\",\"Nested\"],\"default\":null}]}");
        int id = registry.register("nested", new AvroSchema(nested));
        byte[] bytes = new byte[1 << 20];
        Arrays.fill(bytes, 5, bytes.length - 1, (byte) 2);
        bytes[4] = (byte) id;
        assertUndecodable(bytes);
    }

    @Test
    void aLengthThatNoRecordCanHaveCostsNoMemory() throws Exception {
        Schema text = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Text\",\"fields\":[{\"name\":\"text\",\"type\":\"string\"}]}");
        int id = registry.register("bomb", new AvroSchema(text));
        byte[] claimsTwoGigabytes = {0, 0, 0, 0, (byte) id, -2, -1, -1, -1, 15, 'x'};
        assertUndecodable(claimsTwoGigabytes);
    }

    @Test
    void aSchemaThatIsNoAvroIsAskedForOnceAndNamedByItsType() {
        AtomicInteger asked = new AtomicInteger();
        var foreign = new RecordDecoder(new MockSchemaRegistryClient(List.of(new AvroSchemaProvider())) {
            @Override
            public ParsedSchema getSchemaById(int id) {
                asked.incrementAndGet();
                throw new IllegalArgumentException(new IllegalStateException("Invalid schema type JSON"));
            }
        });
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> foreign.decode(TOPIC, new byte[] {0, 0, 0, 1, 97, 5}))
                    .isInstanceOf(TessellateException.class)
                    .hasMessage("schema 353 is of type JSON, needed is AVRO");
        }
        assertThat(asked).hasValue(1);
    }

    private static Stream<Exception> notTheRecordsFault() {
        return Stream.of(
                new ConnectException("Connection refused"),
                new RestClientException("Unavailable", 503, 50301),
                new RestClientException("Too many requests", 429, 42901),
                new RestClientException("Unauthorized", 401, 40101),
                new RestClientException("Forbidden", 403, 40301));
    }

    @ParameterizedTest
    @MethodSource("notTheRecordsFault")
    void aRegistryThatDoesNotAnswerOneOfTwoQuestionsIsNoRecordsFault(Exception answer) {
        AtomicBoolean away = new AtomicBoolean(true);
        var failing = new MockSchemaRegistryClient(List.of(new AvroSchemaProvider())) {
            @Override
            public ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
                return registry.getSchemaById(id);
            }

            @Override
            public ParsedSchema getSchemaBySubjectAndId(String subject, int id)
                    throws IOException, RestClientException {
                if (away.get() && answer instanceof IOException network) {
                    throw network;
                }
                if (away.get() && answer instanceof RestClientException refusal) {
                    throw refusal;
                }
                return registry.getSchemaById(id);
            }
        };
        byte[] good = review();
        RecordDecoder cut = new RecordDecoder(failing);
        assertThatThrownBy(() -> cut.decode(TOPIC, good)).isInstanceOf(RetriableException.class);
        away.set(false);
        assertThat(cut.decode(TOPIC, good).get("stars")).isEqualTo(2);
    }

    @Test
    void aManifestIsReadWithOurOwnSchemaAndNothingElseIs() {
        var serdes = new AvroSerdes(registry, true);
        TaskManifest manifest = TaskManifest.newBuilder()
                .setModel("glue")
                .setTask("sst2")
                .setLabels(List.of("a", "b"))
                .build();
        byte[] bytes = serdes.of(TaskManifest.class).serializer().serialize("tessellate.manifests", manifest);
        assertThat(decoder.decode("tessellate.manifests", bytes, TaskManifest.class))
                .isEqualTo(manifest);
        byte[] other = serdes.of(TaskExample.class).serializer().serialize(TOPIC, new TaskExample());
        assertThatThrownBy(() -> decoder.decode(TOPIC, other, TaskManifest.class))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDECODABLE));
    }
}
