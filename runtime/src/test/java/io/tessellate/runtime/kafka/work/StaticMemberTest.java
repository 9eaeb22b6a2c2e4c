package io.tessellate.runtime.kafka.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.topic.Cleanup;
import io.tessellate.topic.Compatibility;
import io.tessellate.topic.Topic;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StaticMemberTest {
    private static final Topic<String> TOPIC =
            new Topic<>("work", String.class, 1, Cleanup.FOR_EVER, Compatibility.FULL);
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC.name(), 0);

    private final AtomicReference<Collection<MemberDescription>> members = new AtomicReference<>(List.of());
    private final List<MockConsumer<byte[], byte[]>> lives = new CopyOnWriteArrayList<>();
    private StaticMember member;

    @AfterEach
    void close() {
        member.close();
    }

    @Test
    void anotherProcessWithTheSameIdIsLeftInPeaceAndNamed() {
        members.set(List.of(member("worker-w2", "worker-elsewhere")));
        begin();

        await().until(() -> member.health().detail().contains("in use by worker-elsewhere at /10.0.0.7"));
        assertThat(member.health().ready()).isFalse();
        assertThat(lives).isEmpty();

        members.set(List.of());
        await().until(() -> lives.size() == 1 && member.health().ready());
    }

    @Test
    void whatIsLeftOfAnEarlierLifeIsTakenOverAtOnce() {
        members.set(List.of(member("worker-w2", "worker-here"), member("worker-w3", "worker-elsewhere")));
        begin();

        await().until(() -> lives.size() == 1 && member.health().ready());
    }

    @Test
    void aMemberThatIsThrownOutWaitsUntilTheOtherHasGone() {
        begin();
        await().until(() -> lives.size() == 1 && member.health().ready());

        members.set(List.of(member("worker-w2", "worker-elsewhere")));
        lives.get(0).setPollException(new FencedInstanceIdException("another has the id"));

        await().until(() -> member.health().detail().contains("in use by worker-elsewhere"));
        assertThat(lives).hasSize(1);
    }

    @Test
    void aLoopThatFailsIsBegunAgainWithClientsOfItsOwn() {
        begin();
        await().until(() -> lives.size() == 1 && member.health().ready());

        lives.get(0).setPollException(new KafkaException("broken"));

        await().until(() -> lives.size() == 2 && member.health().ready());
        assertThat(lives.get(0).closed()).isTrue();
    }

    @Test
    void anErrorOfTheMachineEndsItAndItsHealthSaysSo() {
        member = new StaticMember(
                "worker",
                new SoleInstance("worker-w2", "worker-here", () -> {
                    throw new NoClassDefFoundError("io/example/Gone");
                }),
                this::loop);
        member.start();

        await().until(() -> !member.health().live());
        assertThat(member.health().detail()).isEqualTo("ended by java.lang.NoClassDefFoundError: io/example/Gone");
    }

    private void begin() {
        member = new StaticMember("worker", new SoleInstance("worker-w2", "worker-here", members::get), this::loop);
        member.start();
    }

    private WorkLoop<String> loop() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        consumer.schedulePollTask(() -> {
            consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
            consumer.rebalance(List.of(PARTITION));
        });
        lives.add(consumer);
        var reader = new RecordReader<>(TOPIC, new StringDeserializer(), new PassedOver(new SimpleMeterRegistry()));
        return new WorkLoop<>("work", consumer, reader, (value, consumed, cancellation, waiting) -> {});
    }

    private static MemberDescription member(String instance, String clientId) {
        return new MemberDescription(
                instance + "-uuid",
                Optional.of(instance),
                Optional.empty(),
                clientId,
                "/10.0.0.7",
                new MemberAssignment(Set.of()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
