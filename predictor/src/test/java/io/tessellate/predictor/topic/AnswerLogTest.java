package io.tessellate.predictor.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.engine.answer.Answer;
import io.tessellate.error.ErrorCode;
import io.tessellate.event.PredictionMade;
import io.tessellate.predictor.asking.AskedViews;
import io.tessellate.predictor.asking.Prediction;
import io.tessellate.predictor.asking.Reply;
import io.tessellate.runtime.health.Health;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.topic.TopicNames;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was answered by HTTP is written down beside the answer, and what is not is counted. */
class AnswerLogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(12_345), ZoneOffset.UTC);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CountDownLatch broker = new CountDownLatch(1);
    private final MockProducer<String, SpecificRecord> producer =
            new MockProducer<>(true, null, new StringSerializer(), (topic, value) -> new byte[0]);
    private @Nullable AnswerLog log;

    private AnswerLog log(Supplier<Producer<String, SpecificRecord>> producers, int capacity) {
        AnswerLog started =
                new AnswerLog(new TopicCatalogue(TopicNames.DEFAULT).predictions(), producers, meters, CLOCK, capacity);
        started.start();
        log = started;
        return started;
    }

    @AfterEach
    void stop() {
        broker.countDown();
        if (log != null) {
            log.close();
        }
    }

    /** A producer that cannot be had while the broker is away. */
    private Producer<String, SpecificRecord> late() {
        try {
            broker.await();
            return producer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Prediction prediction(@Nullable String id) {
        return new Prediction(id, new Reply.Answered(new Answer.Choice(1, List.of(0.2, 0.7, 0.1))), 3.5);
    }

    private double notWritten(String reason) {
        return meters.counter("tessellate.predictions.not.written", "reason", reason)
                .count();
    }

    @Test
    void anAnswerUnderAnIdIsWrittenAndOneWithoutIsCounted() {
        Prediction refused = new Prediction("b", new Reply.Refused(ErrorCode.MISSING_FIELD, "no text", false), 1);
        AnswerLog.Written written = log(() -> producer, 10)
                .write(AskedViews.of("sst2"), List.of(prediction("a"), prediction(null), refused))
                .await(PATIENCE);
        assertThat(written).isEqualTo(new AnswerLog.Written(1, 1, 0, null));
        assertThat(notWritten("NO_ID")).isEqualTo(1);
        assertThat(producer.history()).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo("bot/sst2");
            PredictionMade made = (PredictionMade) record.value();
            assertThat(made.getId()).isEqualTo("a");
            assertThat(made.getIndex()).isEqualTo(1);
            assertThat(made.getLabel()).isEqualTo("b");
            assertThat(made.getTopic()).isEmpty();
            assertThat(made.getPartition()).isEqualTo(-1);
            assertThat(made.getOffset()).isEqualTo(-1);
            assertThat(made.getLatencyMillis()).isEqualTo(3.5);
            assertThat(made.getAt()).isEqualTo(CLOCK.instant());
        });
    }

    @Test
    void whoeverAsksDoesNotWaitForABrokerThatIsAwayAndWhatHasNoRoomIsCounted() {
        AnswerLog answers = log(this::late, 2);
        List<Prediction> some = List.of(prediction("a"), prediction("b"), prediction("c"));
        AnswerLog.Writing writing = answers.write(AskedViews.of("sst2"), some);
        assertThat(writing.each().get(2)).isCompletedExceptionally();
        assertThat(writing.each().get(0)).isNotDone();
        assertThat(notWritten("QUEUE_FULL")).isEqualTo(1);
        AnswerLog.Written soon = writing.await(Duration.ofMillis(1));
        assertThat(soon.written()).isZero();
        assertThat(soon.lost()).isEqualTo(3);
        assertThat(soon.why()).isEqualTo("2 answers wait to be written already");

        broker.countDown();
        assertThat(writing.await(PATIENCE).written()).isEqualTo(2);
        assertThat(producer.history()).hasSize(2);
        assertThat(meters.counter("tessellate.predictions.written").count()).isEqualTo(2);
    }

    @Test
    void whatTheBrokerDoesNotTakeIsCountedAndSaidAndTheNextIsWritten() {
        MockProducer<String, SpecificRecord> slow =
                new MockProducer<>(false, null, new StringSerializer(), (topic, value) -> new byte[0]);
        AnswerLog answers = log(() -> slow, 10);
        AnswerLog.Writing writing = answers.write(AskedViews.of("sst2"), List.of(prediction("a"), prediction("b")));
        Awaitility.await().atMost(PATIENCE).until(() -> slow.history().size() == 2);
        slow.errorNext(new TimeoutException("expired"));
        slow.completeNext();
        assertThat(writing.await(PATIENCE)).isEqualTo(new AnswerLog.Written(1, 0, 1, "expired"));
        assertThat(notWritten("UNAVAILABLE_DEPENDENCY")).isEqualTo(1);
    }

    @Test
    void aProducerThatCannotBeMadeIsMadeAgainAndNothingThatWaitedIsLost() {
        AtomicInteger tried = new AtomicInteger();
        CompletableFuture<AnswerLog> itself = new CompletableFuture<>();
        AtomicReference<Health> between = new AtomicReference<>();
        AnswerLog answers = log(
                () -> {
                    if (tried.getAndIncrement() == 0) {
                        throw new IllegalStateException("no address");
                    }
                    between.set(itself.join().health());
                    return producer;
                },
                10);
        itself.complete(answers);
        AnswerLog.Writing writing = answers.write(AskedViews.of("sst2"), List.of(prediction("a")));
        assertThat(writing.await(PATIENCE)).isEqualTo(new AnswerLog.Written(1, 0, 0, null));
        assertThat(between.get().ready()).as("answers are given meanwhile").isTrue();
        assertThat(between.get().detail()).contains("no address");
        assertThat(answers.health().detail()).doesNotContain("no address");
    }

    @Test
    void whatWaitsWhenThePredictorEndsIsCounted() {
        AnswerLog answers = log(
                () -> {
                    throw new LinkageError("no producer");
                },
                10);
        AnswerLog.Writing writing = answers.write(AskedViews.of("sst2"), List.of(prediction("a")));
        assertThat(writing.await(PATIENCE).lost()).isEqualTo(1);
        assertThat(notWritten("INTERRUPTED")).isEqualTo(1);
        assertThat(answers.health().live()).isFalse();
    }
}
