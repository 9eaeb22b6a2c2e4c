package io.tessellate.runtime.kafka.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.error.ErrorCode;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.topic.Cleanup;
import io.tessellate.topic.Compatibility;
import io.tessellate.topic.Topic;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work on texts: {@code wait} waits until it is stopped, {@code fail} fails as nobody foresaw, {@code fenced} has lost its clients. */
class WorkLoopTest {
    private static final Topic<String> TOPIC =
            new Topic<>("work", String.class, 1, Cleanup.FOR_EVER, Compatibility.FULL);
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC.name(), 0);
    private static final Backoff SOON = Backoff.steady(Duration.ofMillis(20), Integer.MAX_VALUE);

    private final MockProducer<String, String> producer =
            new MockProducer<>(true, null, new StringSerializer(), new StringSerializer());
    private final List<String> begun = new CopyOnWriteArrayList<>();
    private final List<String> stopped = new CopyOnWriteArrayList<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private volatile boolean registryIsAway;
    private MockConsumer<byte[], byte[]> consumer;
    private WorkLoop<String> loop;
    private Thread thread;
    private long next;

    @AfterEach
    void stop() throws InterruptedException {
        if (loop != null) {
            loop.stop();
            thread.join();
        }
    }

    @Test
    void aRecordThatWaitsForEverHoldsNobodyElse() {
        start(null);
        deliver("a", "wait");
        deliver("a", "behind it");
        deliver("b", "one");
        deliver("c", "two");
        deliver("b", "three");

        await().until(() -> published().containsAll(List.of("one", "two", "three")));
        assertThat(published()).doesNotContain("behind it");
        assertThat(committed().offset()).isZero();
        await().until(() -> !loop.health().ready());
        assertThat(loop.health().detail()).contains("wait is away");
        assertThat(loop.health().live()).isTrue();
    }

    @Test
    void whatWasDoneBehindARecordThatWaitedIsNotDoneAgainAfterARestart() throws InterruptedException {
        start(null);
        deliver("a", "wait");
        deliver("b", "one");
        deliver("c", "two");
        await().until(() -> published().size() == 2);
        OffsetAndMetadata left = committed();
        stop();
        begun.clear();

        next = 0;
        start(left);
        deliver("a", "wait");
        deliver("b", "one");
        deliver("c", "two");
        deliver("c", "three");

        await().until(() -> published().contains("three") && begun.contains("wait"));
        assertThat(begun).containsExactlyInAnyOrder("wait", "three");
    }

    @Test
    void recordsOfOneKeyAreDoneOneAfterTheOther() {
        held.put("first", new CountDownLatch(1));
        start(null);
        deliver("a", "first");
        deliver("a", "second");
        deliver("b", "other");

        await().until(() -> published().contains("other"));
        assertThat(begun).doesNotContain("second");
        held.get("first").countDown();
        await().until(() -> published().contains("second"));
        assertThat(published()).containsExactly("other", "first", "second");
        assertThat(committed()).isEqualTo(new OffsetAndMetadata(3));
    }

    @Test
    void aFailureThatNobodyForesawIsSeenAndHoldsItsOwnKeyOnly() {
        start(null);
        deliver("a", "fail");
        deliver("b", "one");
        deliver("b", "two");

        await().until(() -> published().containsAll(List.of("one", "two")));
        await().until(() -> begun.stream().filter("fail"::equals).count() > 2);
        await().until(() -> loop.health().detail().contains("nobody foresaw"));
        assertThat(loop.health().ready()).isFalse();
        assertThat(loop.health().live()).isTrue();
    }

    @Test
    void whatWaitsForAPersonIsNamedAndLeavesTheProcessReady() {
        start(null);
        deliver("a", "parked");
        deliver("b", "one");

        await().until(() -> published().contains("one"));
        await().until(() -> loop.health().detail().contains("parked is away"));
        assertThat(loop.health().ready()).isTrue();
    }

    @Test
    void garbageIsPassedOver() {
        start(null);
        deliver("a", "garbage");
        deliver("a", "nonsense");
        deliver("a", "one");

        await().until(() -> published().contains("one"));
        assertThat(begun).containsExactly("one");
        assertThat(committed()).isEqualTo(new OffsetAndMetadata(3));
    }

    @Test
    void aSchemaRegistryThatIsAwayIsWaitedFor() {
        registryIsAway = true;
        start(null);
        deliver("a", "one");

        await().until(() -> loop.health().detail().contains("refused"));
        assertThat(loop.health().ready()).isFalse();
        registryIsAway = false;
        await().until(() -> published().contains("one") && loop.health().ready());
    }

    @Test
    void clientsThatAreOfNoUseAnyMoreEndTheLoop() {
        start(null);
        deliver("a", "fenced");

        await().until(() -> loop.failure().isPresent() && consumer.closed());
        assertThat(loop.failure().orElseThrow()).isInstanceOf(ProducerFencedException.class);
    }

    @Test
    void aPartitionThatIsTakenAwayStopsAllOfItsWork() {
        start(null);
        deliver("a", "wait");
        deliver("b", "wait");
        await().until(() -> begun.size() == 2);

        consumer.schedulePollTask(() -> consumer.rebalance(List.of()));

        await().until(() -> stopped.size() == 2);
        assertThat(producer.commitCount()).isZero();
        assertThat(loop.health().live()).isTrue();
    }

    @Test
    void aPartitionWithTooManyOpenRecordsIsReadOnLater() {
        held.put("first", new CountDownLatch(1));
        start(null);
        for (int n = 0; n < 301; n++) {
            deliver("a", n == 0 ? "first" : "record " + n);
        }

        await().until(() -> consumer.paused().contains(PARTITION));
        held.get("first").countDown();
        await().atMost(Duration.ofMinutes(2)).until(() -> consumer.paused().isEmpty());
    }

    private void start(OffsetAndMetadata committed) {
        if (!producer.transactionInitialized()) {
            producer.initTransactions();
        }
        consumer = new MockConsumer<>("earliest");
        consumer.schedulePollTask(() -> {
            consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
            if (committed != null) {
                consumer.commitSync(Map.of(PARTITION, committed));
            }
            consumer.rebalance(List.of(PARTITION));
        });
        var reader = new RecordReader<>(TOPIC, texts(), new PassedOver(meters));
        loop = new WorkLoop<>("work", consumer, reader, new Texts(), SOON, System::nanoTime);
        thread = new Thread(loop, "loop");
        thread.start();
    }

    private Deserializer<String> texts() {
        return (topic, bytes) -> {
            String text = new String(bytes, UTF_8);
            if (registryIsAway) {
                throw new SerializationException("refused", new ConnectException("refused"));
            }
            if (text.equals("garbage")) {
                throw new SerializationException("garbage");
            }
            return text;
        };
    }

    private void deliver(String key, String text) {
        long offset = next++;
        consumer.schedulePollTask(() -> consumer.addRecord(
                new ConsumerRecord<>(TOPIC.name(), 0, offset, key.getBytes(UTF_8), text.getBytes(UTF_8))));
    }

    private List<String> published() {
        return producer.history().stream().map(ProducerRecord::value).toList();
    }

    private OffsetAndMetadata committed() {
        var history = producer.consumerGroupOffsetsHistory();
        return history.get(history.size() - 1).values().iterator().next().get(PARTITION);
    }

    private final class Texts implements WorkLoop.Work<String> {
        @Override
        public boolean concerns(String text) {
            if (text.equals("nonsense")) {
                throw new io.tessellate.error.TessellateException(ErrorCode.INVALID_ARGUMENT, "no name");
            }
            return true;
        }

        @Override
        public void on(String text, Consumed consumed, Cancellation cancellation, Waiting waiting) {
            begun.add(text);
            switch (text) {
                case "wait" -> awaitStop(text, ErrorCode.UNAVAILABLE_DEPENDENCY, cancellation, waiting);
                case "parked" -> awaitStop(text, ErrorCode.MODEL_PARKED, cancellation, waiting);
                case "fail" -> throw new IllegalStateException("nobody foresaw this");
                case "fenced" -> throw new ProducerFencedException("another has the id");
                default -> {
                    awaitRelease(text);
                    consumed.commitWith(producer, () -> producer.send(new ProducerRecord<>("done", text)));
                }
            }
        }

        private void awaitStop(String text, ErrorCode code, Cancellation cancellation, Waiting waiting) {
            waiting.waitsFor(code, text + " is away");
            while (!cancellation.isCancelled()) {
                try {
                    cancellation.pause(1000);
                } finally {
                    if (cancellation.isCancelled()) {
                        stopped.add(text);
                    }
                }
            }
        }

        private void awaitRelease(String text) {
            try {
                held.getOrDefault(text, new CountDownLatch(0)).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
