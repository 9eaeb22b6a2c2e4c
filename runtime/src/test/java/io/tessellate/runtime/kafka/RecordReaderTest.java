package io.tessellate.runtime.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskDuplicate;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskRejected;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.topic.TopicNames;
import java.net.ConnectException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordReaderTest {
    private static final Topic<TaskEvent> TASKS = new TopicCatalogue(TopicNames.DEFAULT).tasks();
    private static final Topic<TaskEvent> LANES = new TopicCatalogue(TopicNames.DEFAULT).parallelTasks();

    private final AvroSerdes serdes = new AvroSerdes("mock://" + UUID.randomUUID(), true);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PassedOver passedOver = new PassedOver(meters);
    private final RecordReader<TaskEvent> reader =
            new RecordReader<>(TASKS, serdes.of(TASKS).deserializer(), passedOver);

    @Test
    void aSoundRecordIsRead() {
        assertThat(reader.read(record(0, "glue", rejected())).map(ConsumerRecord::value))
                .contains(rejected());
        assertThat(passedOver.count(TASKS.name())).isZero();
    }

    static Stream<byte[]> garbage() {
        byte[] deep = new byte[2000];
        return Stream.of(
                new byte[0],
                "text".getBytes(UTF_8),
                new byte[] {0},
                new byte[] {0, 0, 0, 0, 1},
                new byte[] {0, 0, 0, 0, 99, 2, 2, 2},
                new byte[] {0, -1, -1, -1, -1, 0},
                deep);
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void bytesOfAnyKindArePassedOver(byte[] bytes) {
        reader.read(record(0, "glue", rejected()));

        assertThat(reader.read(raw(1, "glue".getBytes(UTF_8), bytes))).isEmpty();
        assertThat(passedOver.count(TASKS.name())).isEqualTo(1);
    }

    @Test
    void aValueThatIsMissingIsPassedOver() {
        assertThat(reader.read(raw(1, "glue".getBytes(UTF_8), null))).isEmpty();
    }

    @Test
    void aRecordThatIsNobodysIsPassedOver() {
        assertThat(reader.read(raw(1, null, bytes(rejected())))).isEmpty();
        assertThat(reader.read(record(2, "No Model", rejected()))).isEmpty();
        assertThat(reader.read(record(3, "other", rejected()))).isEmpty();
        assertThat(passedOver.count(TASKS.name())).isEqualTo(3);
    }

    @Test
    void anEventOfNoKnownKindOrOfTwoIsPassedOver() {
        TaskEvent none = TaskEvent.newBuilder(rejected()).setRejected(null).build();
        TaskEvent two = TaskEvent.newBuilder(rejected())
                .setDuplicate(new TaskDuplicate("other", "0".repeat(64), null))
                .build();

        assertThat(reader.read(record(1, "glue", none))).isEmpty();
        assertThat(reader.read(record(2, "glue", two))).isEmpty();
        assertThat(passedOver.count(TASKS.name())).isEqualTo(2);
    }

    @Test
    void aTopicKeyedByTaskHoldsTheKeyAgainstModelAndTask() {
        RecordReader<TaskEvent> lanes =
                new RecordReader<>(LANES, serdes.of(LANES).deserializer(), passedOver);

        assertThat(lanes.read(record(1, "glue/sst2", rejected()))).isPresent();
        assertThat(lanes.read(record(2, "glue/mrpc", rejected()))).isEmpty();
        assertThat(lanes.read(record(3, "glue", rejected()))).isEmpty();
    }

    @Test
    void aRecordThatSeveralReadersMeetIsCountedOnce() {
        for (int times = 0; times < 3; times++) {
            reader.read(raw(7, "glue".getBytes(UTF_8), new byte[] {9}));
        }

        assertThat(meters.get("tessellate.records.passed.over")
                        .tag("topic", TASKS.name())
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whateverADecoderThrowsIsTheRecordsFault() {
        for (RuntimeException fault : List.of(
                new AvroRuntimeException("bad"),
                new IllegalStateException("no provider for JSON"),
                new NullPointerException("schema"),
                new ClassCastException("no record"),
                new SerializationException("", new RestClientException("no such schema", 404, 40403)))) {
            assertThat(throwing(fault).read(raw(1, "glue".getBytes(UTF_8), new byte[] {1})))
                    .isEmpty();
        }
        RecordReader<TaskEvent> nested = new RecordReader<>(
                TASKS,
                (topic, bytes) -> {
                    throw new StackOverflowError();
                },
                passedOver);
        assertThat(nested.read(raw(1, "glue".getBytes(UTF_8), new byte[] {1}))).isEmpty();
    }

    @Test
    void aRegistryThatIsAwayOrRefusesUsIsNotTheRecordsFault() {
        ConsumerRecord<byte[], byte[]> record = raw(1, "glue".getBytes(UTF_8), new byte[] {1});

        assertThatThrownBy(() -> throwing(new SerializationException("", new ConnectException("refused")))
                        .read(record))
                .isInstanceOf(RetriableException.class);
        assertThatThrownBy(() -> throwing(new SerializationException("", new RestClientException("busy", 503, 50301)))
                        .read(record))
                .isInstanceOf(RetriableException.class);
        assertThatThrownBy(() -> throwing(new SerializationException("", new RestClientException("who?", 401, 401)))
                        .read(record))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED));
        assertThat(passedOver.count(TASKS.name())).isZero();
    }

    private RecordReader<TaskEvent> throwing(RuntimeException fault) {
        return new RecordReader<>(
                TASKS,
                (topic, bytes) -> {
                    throw fault;
                },
                passedOver);
    }

    private static TaskEvent rejected() {
        return TaskEvent.newBuilder()
                .setModel("glue")
                .setTask("sst2")
                .setAt(Instant.EPOCH)
                .setRejected(TaskRejected.newBuilder()
                        .setCode("EMPTY_SPLIT")
                        .setMessage("no example")
                        .build())
                .build();
    }

    private ConsumerRecord<byte[], byte[]> record(long offset, String key, TaskEvent event) {
        return raw(offset, key.getBytes(UTF_8), bytes(event));
    }

    private byte[] bytes(TaskEvent event) {
        return serdes.of(TASKS).serializer().serialize(TASKS.name(), event);
    }

    private static ConsumerRecord<byte[], byte[]> raw(long offset, byte @Nullable [] key, byte @Nullable [] value) {
        return new ConsumerRecord<>(TASKS.name(), 0, offset, key, value);
    }
}
