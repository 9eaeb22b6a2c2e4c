package io.tessellate.runtime.kafka.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.topic.Cleanup;
import io.tessellate.topic.Compatibility;
import io.tessellate.topic.Topic;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class PartitionWorkTest {
    private static final Topic<String> TOPIC =
            new Topic<>("work", String.class, 1, Cleanup.FOR_EVER, Compatibility.FULL);

    private final AtomicLong clock = new AtomicLong();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PartitionProgress progress = PartitionProgress.of(null);
    private final Map<String, CompletableFuture<?>> begun = new HashMap<>();
    private final List<Cancellation> cancellations = new ArrayList<>();
    private final PartitionWork<String> work = new PartitionWork<>(
            progress,
            new RecordReader<>(TOPIC, (topic, bytes) -> decode(new String(bytes, UTF_8)), new PassedOver(meters)),
            PartitionWorkTest::concerns,
            new KeyQueue.Hands<>(this::begin, Backoff.endless(), clock::get));
    private RuntimeException away;
    private long next;

    private String decode(String text) {
        if (away != null) {
            throw new SerializationException("no schema", away);
        }
        return text;
    }

    private static boolean concerns(String text) {
        if (text.equals("nonsense")) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "no name");
        }
        return !text.equals("not ours");
    }

    private CompletableFuture<?> begin(
            ConsumerRecord<String, String> record, Cancellation cancellation, Waiting waiting) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        cancellations.add(cancellation);
        begun.put(record.value(), future);
        return future;
    }

    private void take(String key, String text) {
        byte[] bytes = key == null ? null : key.getBytes(UTF_8);
        work.take(new ConsumerRecord<>(TOPIC.name(), 0, next++, bytes, text.getBytes(UTF_8)));
    }

    private void finish(String text) {
        begun.get(text).complete(null);
        work.advance();
    }

    @Test
    void aKeyThatWaitsHoldsNoOther() {
        take("a", "first");
        take("a", "second");
        take("b", "third");
        work.advance();
        assertThat(begun).containsOnlyKeys("first", "third");

        finish("third");
        assertThat(progress.open()).isEqualTo(2);
        finish("first");
        assertThat(begun).containsKey("second");
        finish("second");
        assertThat(progress.open()).isZero();
    }

    @Test
    void whatConcernsNobodyIsDoneAtOnceAndNonsenseIsPassedOver() {
        take("a", "first");
        take("a", "not ours");
        take("a", "nonsense");
        work.advance();
        assertThat(progress.open()).isEqualTo(1);
        assertThat(meters.counter("tessellate.records.passed.over", "topic", "work")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void recordsWithoutAKeyAreOneQueue() {
        take(null, "first");
        take(null, "second");
        work.advance();
        assertThat(begun).containsOnlyKeys("first");
    }

    @Test
    void whatWasDoneBeforeARestartIsNotDoneAgain() {
        PartitionProgress before = PartitionProgress.of(null);
        for (int offset = 0; offset < 3; offset++) {
            before.arrived(offset);
        }
        before.done(1);
        PartitionProgress restarted = PartitionProgress.of(before.with(2));
        assertThat(before.with(2)).isNotEqualTo(new OffsetAndMetadata(3));
        var again = new PartitionWork<>(
                restarted,
                new RecordReader<>(TOPIC, (topic, bytes) -> new String(bytes, UTF_8), new PassedOver(meters)),
                text -> true,
                new KeyQueue.Hands<>(this::begin, Backoff.endless(), clock::get));
        for (int offset = 0; offset < 3; offset++) {
            byte[] text = ("record " + offset).getBytes(UTF_8);
            again.take(new ConsumerRecord<>(TOPIC.name(), 0, offset, text, text));
        }
        again.advance();
        assertThat(begun).containsOnlyKeys("record 0");
    }

    @Test
    void whileTheSchemaRegistryIsAwayNothingIsDecodedAndItIsLookedAtAgainEverySecond() {
        away = new SerializationException("refused", new ConnectException("refused"));
        take("a", "first");
        work.advance();
        assertThat(work.troubles())
                .singleElement()
                .extracting(KeyQueue.Trouble::code)
                .isEqualTo(ErrorCode.UNAVAILABLE_DEPENDENCY);

        away = null;
        work.advance();
        assertThat(begun).isEmpty();
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        work.advance();
        assertThat(begun).containsOnlyKeys("first");
        assertThat(work.troubles()).isEmpty();
    }

    @Test
    void aRegistryThatRefusesUsIsWaitedForToo() {
        away = new IllegalStateException(new RestClientException("who are you", 401, 401));
        take("a", "first");
        work.advance();
        assertThat(work.troubles())
                .singleElement()
                .extracting(KeyQueue.Trouble::code)
                .isEqualTo(ErrorCode.NOT_AUTHENTICATED);
    }

    @Test
    void threeHundredOpenRecordsAreEnoughAndPeopleAreToldWhereOneIsInTrouble() {
        for (int n = 0; n < 300; n++) {
            assertThat(work.isFull()).isFalse();
            take("a", "record " + n);
        }
        work.advance();
        assertThat(work.isFull()).isTrue();
        assertThat(work.troubles()).isEmpty();

        begun.get("record 0").completeExceptionally(new IllegalStateException("nobody foresaw this"));
        work.advance();
        assertThat(work.troubles())
                .extracting(KeyQueue.Trouble::code)
                .containsExactly(ErrorCode.DEFECT, ErrorCode.NOT_READY);
    }

    @Test
    void everyKeysWorkIsAskedToStop() {
        take("a", "first");
        take("b", "second");
        work.advance();
        work.cancel();
        work.awaitEnd(clock.get());
        assertThat(cancellations).hasSize(2).allMatch(Cancellation::isCancelled);
    }
}
