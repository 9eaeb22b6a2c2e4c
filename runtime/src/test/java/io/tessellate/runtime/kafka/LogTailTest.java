package io.tessellate.runtime.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.topic.Cleanup;
import io.tessellate.topic.Compatibility;
import io.tessellate.topic.Topic;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LogTailTest {
    private static final Topic<byte[]> TOPIC =
            new Topic<>("log", byte[].class, 2, Cleanup.FOR_EVER, Compatibility.FULL);
    private static final Duration SOON = Duration.ofMinutes(1);

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final PassedOver passedOver = new PassedOver(new SimpleMeterRegistry());

    @Test
    void everythingIsHandledInOrderAndThenFollowed() {
        MockConsumer<byte[], byte[]> log = log();
        try (LogTail<byte[]> tail = tail(log, (topic, bytes) -> bytes)) {
            log.schedulePollTask(() -> append(log, 0, 0, "a", "b"));
            log.updateEndOffsets(Map.of(partition(0), 2L, partition(1), 0L));
            tail.start();
            tail.awaitCaughtUp(SOON);
            assertThat(seen).containsExactly("key=a", "key=b");
            Awaitility.await().atMost(SOON).until(() -> tail.health().ready());
            log.schedulePollTask(() -> append(log, 0, 2, "c"));
            assertThat(tail.await(() -> seen.contains("key=c"), SOON)).isTrue();
        }
    }

    @Test
    void aConditionThatNeverHoldsRunsOutOfTime() {
        MockConsumer<byte[], byte[]> log = log();
        try (LogTail<byte[]> tail = tail(log, (topic, bytes) -> bytes)) {
            tail.start();
            assertThat(tail.await(() -> false, Duration.ofMillis(50))).isFalse();
        }
    }

    @Test
    void aRecordThatCannotBeDecodedIsPassedOver() {
        MockConsumer<byte[], byte[]> log = log();
        Deserializer<byte[]> picky = (topic, bytes) -> {
            if (new String(bytes, UTF_8).equals("bad")) {
                throw new SerializationException("no magic byte");
            }
            return bytes;
        };
        try (LogTail<byte[]> tail = tail(log, picky)) {
            log.schedulePollTask(() -> append(log, 0, 0, "a", "bad", "b"));
            tail.start();
            assertThat(tail.await(() -> seen.size() == 2, SOON)).isTrue();
            assertThat(seen).containsExactly("key=a", "key=b");
        }
    }

    @Test
    void anAbsentRegistryIsWaitedFor() {
        MockConsumer<byte[], byte[]> log = log();
        AtomicInteger calls = new AtomicInteger();
        Deserializer<byte[]> away = (topic, bytes) -> {
            if (calls.getAndIncrement() == 0) {
                throw new SerializationException("registry", new ConnectException("refused"));
            }
            return bytes;
        };
        try (LogTail<byte[]> tail = tail(log, away)) {
            log.schedulePollTask(() -> append(log, 0, 0, "a"));
            tail.start();
            assertThat(tail.await(() -> seen.contains("key=a"), SOON)).isTrue();
        }
    }

    @Test
    void anErrorOfTheMachineEndsItAndThoseWhoWaitAreToldAtOnce() {
        MockConsumer<byte[], byte[]> log = log();
        try (LogTail<byte[]> tail = new LogTail<>(() -> log, reader((topic, bytes) -> bytes), record -> {
            throw new NoClassDefFoundError("io/example/Gone");
        })) {
            log.schedulePollTask(() -> append(log, 0, 0, "a"));
            tail.start();
            assertThatThrownBy(() -> tail.await(() -> false, Duration.ofMinutes(1)))
                    .isInstanceOfSatisfying(
                            TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEFECT))
                    .hasMessageContaining("was ended by java.lang.NoClassDefFoundError: io/example/Gone");
            assertThat(tail.health().ready()).isFalse();
        }
    }

    @Test
    void aRecordThatTheFoldRefusesIsPassedOverAndSaid() {
        MockConsumer<byte[], byte[]> log = log();
        try (LogTail<byte[]> tail = new LogTail<>(() -> log, reader((topic, bytes) -> bytes), record -> {
            if (new String(record.value(), UTF_8).equals("contradiction")) {
                throw new IllegalStateException("event 9 follows event 1");
            }
            seen.add(new String(record.value(), UTF_8));
        })) {
            log.schedulePollTask(() -> append(log, 0, 0, "a", "contradiction", "b"));
            log.updateEndOffsets(Map.of(partition(0), 3L, partition(1), 0L));
            tail.start();
            tail.awaitCaughtUp(SOON);
            assertThat(seen).containsExactly("a", "b");
            assertThat(passedOver.count(TOPIC.name())).isEqualTo(1);
            Awaitility.await().until(() -> tail.health().detail().contains("1 record was passed over"));
        }
    }

    @Test
    void tombstonesAreHandedOn() {
        MockConsumer<byte[], byte[]> log = log();
        List<ConsumerRecord<String, byte[]>> letters = new CopyOnWriteArrayList<>();
        try (LogTail<byte[]> tail = new LogTail<>(() -> log, reader((topic, bytes) -> bytes), letters::add)) {
            log.schedulePollTask(
                    () -> log.addRecord(new ConsumerRecord<>(TOPIC.name(), 0, 0, "key".getBytes(UTF_8), null)));
            tail.start();
            assertThat(tail.await(() -> !letters.isEmpty(), SOON)).isTrue();
            assertThat(letters.get(0).value()).isNull();
            assertThat(letters.get(0).key()).isEqualTo("key");
        }
    }

    @Test
    void aTopicThatMayNotBeReadIsNoDefect() {
        MockConsumer<byte[], byte[]> log = log();
        log.setPollException(new SaslAuthenticationException("no such user"));
        try (LogTail<byte[]> tail = tail(log, (topic, bytes) -> bytes)) {
            tail.start();
            assertThatThrownBy(() -> tail.await(() -> false, SOON))
                    .isInstanceOfSatisfying(
                            TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED))
                    .hasMessageContaining("no such user");
        }
    }

    @Test
    void aTailThatWasRefusedForAWhileFollowsAgain() {
        MockConsumer<byte[], byte[]> refused = log();
        refused.setPollException(new SaslAuthenticationException("no such user"));
        MockConsumer<byte[], byte[]> later = log();
        later.schedulePollTask(() -> append(later, 0, 0, "one"));
        Deque<MockConsumer<byte[], byte[]>> consumers = new ArrayDeque<>(List.of(refused, later));
        try (LogTail<byte[]> tail = new LogTail<>(
                consumers::remove,
                reader((topic, bytes) -> bytes),
                record -> seen.add(new String(record.value(), UTF_8)))) {
            tail.start();
            Awaitility.await().until(() -> tail.health().ready() && seen.contains("one"));
        }
    }

    private RecordReader<byte[]> reader(Deserializer<byte[]> values) {
        return new RecordReader<>(TOPIC, values, passedOver);
    }

    private LogTail<byte[]> tail(MockConsumer<byte[], byte[]> log, Deserializer<byte[]> values) {
        return new LogTail<>(
                () -> log, reader(values), record -> seen.add(record.key() + "=" + new String(record.value(), UTF_8)));
    }

    private static MockConsumer<byte[], byte[]> log() {
        MockConsumer<byte[], byte[]> log = new MockConsumer<>("earliest");
        List<PartitionInfo> partitions = new ArrayList<>();
        for (int p = 0; p < 2; p++) {
            partitions.add(new PartitionInfo(TOPIC.name(), p, Node.noNode(), new Node[0], new Node[0]));
        }
        log.updatePartitions(TOPIC.name(), partitions);
        log.updateBeginningOffsets(Map.of(partition(0), 0L, partition(1), 0L));
        log.updateEndOffsets(Map.of(partition(0), 0L, partition(1), 0L));
        return log;
    }

    private static void append(MockConsumer<byte[], byte[]> log, int partition, long offset, String... values) {
        for (int i = 0; i < values.length; i++) {
            log.addRecord(new ConsumerRecord<>(
                    TOPIC.name(), partition, offset + i, "key".getBytes(UTF_8), values[i].getBytes(UTF_8)));
        }
    }

    private static TopicPartition partition(int number) {
        return new TopicPartition(TOPIC.name(), number);
    }
}
