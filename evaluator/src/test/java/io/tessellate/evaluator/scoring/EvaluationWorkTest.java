package io.tessellate.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.event.EvaluateTask;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.fixture.RegistryLog;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.kafka.work.Turns;
import io.tessellate.runtime.kafka.work.WorkLoop;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EvaluationWorkTest {
    private static final TopicCatalogue TOPICS = new TopicCatalogue(TopicNames.DEFAULT);
    private static final TopicPartition PARTITION =
            new TopicPartition(TOPICS.evaluationJobs().name(), 0);

    private final RegistryLog log = new RegistryLog("bot");
    private final RegistryLog other = new RegistryLog("other");
    private final Map<String, RegistryLog> logs = Map.of("bot", log, "other", other);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final AvroSerdes serdes = new AvroSerdes("mock://" + UUID.randomUUID(), true);
    private final MockProducer<String, SpecificRecord> producer =
            new MockProducer<>(true, null, new StringSerializer(), serdes.serializer());
    private final FakeScoring scoring = new FakeScoring();
    private final PassedOver passedOver = new PassedOver(new SimpleMeterRegistry());
    private WorkLoop<EvaluateTask> loop;
    private Thread thread;
    private long next;

    @BeforeEach
    void start() {
        log.register();
        log.commit("tone");
        log.commit("topic");
        other.register();
        other.commit("grammar");
        producer.initTransactions();
        var parts = new EvaluationResources(
                (model, version) -> logs.get(model.value()).line(),
                scoring,
                new Turns(1),
                new EvaluationLog(TOPICS, producer),
                passedOver);
        loop = new WorkLoop<>("scoring", consumer, reader(), new EvaluationWork(parts));
        consumer.schedulePollTask(() -> {
            consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
            consumer.rebalance(List.of(PARTITION));
        });
        thread = new Thread(loop, "loop");
        thread.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        scoring.permits.release(1000);
        loop.stop();
        thread.join();
    }

    @Test
    void everyJobsScoresArePublishedWithItsOffsetInOneTransaction() {
        deliver(1, "bot/tone");
        deliver(2, "bot/tone");
        deliver(2, "bot/topic");
        scoring.permits.release(3);

        await().until(() -> producer.commitCount() == 3);

        assertThat(published())
                .extracting(event -> "%d %s %s".formatted(event.getVersion(), event.getTask(), event.getView()))
                .containsExactlyInAnyOrder(
                        "1 tone UNION", "1 tone TASK", "2 tone UNION", "2 tone TASK", "2 topic UNION", "2 topic TASK");
        assertThat(producer.consumerGroupOffsetsHistory().stream()
                        .map(group ->
                                group.values().iterator().next().get(PARTITION).offset()))
                .hasSize(3)
                .endsWith(3L);
        assertThat(loop.health().ready()).isTrue();
    }

    @Test
    void theConsumerKeepsPollingWhileATaskIsScoredAndOneIsScoredAtATime() {
        deliver(1, "bot/tone");
        deliver(2, "bot/tone");
        deliver(2, "bot/topic");

        await().until(() -> scoring.begun.size() == 1);
        var polled = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            consumer.schedulePollTask(polled::countDown);
        }
        await().until(() -> polled.getCount() == 0);
        assertThat(producer.commitCount()).isZero();
        assertThat(scoring.begun).hasSize(1);

        scoring.permits.release(3);
        await().until(() -> producer.commitCount() == 3);
        assertThat(scoring.begun)
                .filteredOn(begun -> begun.startsWith("bot/tone"))
                .containsExactly("bot/tone 1", "bot/tone 2");
    }

    @Test
    void aTaskThatCannotBeScoredNowIsTriedAgainAndSaysSo() {
        scoring.failures.add(new RetriableException(ErrorCode.STORAGE, "blob is not there"));
        scoring.gate = new CountDownLatch(1);
        deliver(1, "bot/tone");

        await().until(() -> loop.health().detail().contains("blob is not there"));
        assertThat(loop.health().detail()).contains("bot/tone at version 1");
        assertThat(loop.health().ready()).isFalse();
        assertThat(loop.health().live()).isTrue();

        scoring.gate.countDown();
        scoring.permits.release(1);
        await().until(() -> producer.commitCount() == 1 && loop.health().ready());
    }

    @Test
    void aFailureThatDoesNotPassIsTheTasksResultAndTheOthersGoOn() {
        scoring.failures.add(new TessellateException(ErrorCode.RECORDS_GONE, "the topic was deleted"));
        deliver(2, "bot/tone");
        await().until(() -> producer.commitCount() == 1);
        deliver(2, "bot/topic");
        scoring.permits.release(1);

        await().until(() -> producer.commitCount() == 2);
        assertThat(published())
                .filteredOn(event -> event.getTask().equals("tone"))
                .hasSize(2)
                .allSatisfy(event -> {
                    assertThat(event.getNotMeasured().getCode()).isEqualTo("RECORDS_GONE");
                    assertThat(event.getNotMeasured().getReason()).isEqualTo("the topic was deleted");
                    assertThat(event.getScore()).isZero();
                });
        assertThat(published())
                .filteredOn(event -> event.getTask().equals("topic"))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.getNotMeasured()).isNull());
        assertThat(loop.health().ready()).isTrue();
    }

    @Test
    void aDefectIsTheTasksResultToo() {
        scoring.failures.add(new IllegalStateException("broken"));
        deliver(1, "bot/tone");

        await().until(() -> producer.commitCount() == 1);
        assertThat(published())
                .extracting(event -> event.getNotMeasured().getCode())
                .containsOnly("DEFECT");
        assertThat(loop.health().live()).isTrue();
    }

    @Test
    void aTaskThatWaitsHoldsNoOtherTask() {
        scoring.away = "bot/tone";
        deliver(2, "bot/tone");
        deliver(2, "bot/topic");
        deliver(1, "other/grammar");
        scoring.permits.release(2);

        await().until(() -> producer.commitCount() == 2);
        assertThat(published()).extracting(EvaluationCompleted::getTask).containsOnly("topic", "grammar");
        await().until(() -> loop.health().detail().contains("bot/tone at version 2 waits"));

        scoring.away = "";
        scoring.permits.release(1);
        await().until(() -> producer.commitCount() == 3);
        assertThat(published()).extracting(EvaluationCompleted::getTask).contains("tone");
    }

    @Test
    void aJobForWhatTheVersionDoesNotHoldIsPassedOverAndCounted() {
        deliver(1, "bot/topic");
        deliver(0, "bot/tone");
        deliver(1, "bot/tone");
        scoring.permits.release(1);

        await().until(() -> producer.commitCount() == 2);
        assertThat(published()).extracting(EvaluationCompleted::getTask).containsOnly("tone");
        assertThat(passedOver.count(TOPICS.evaluationJobs().name())).isEqualTo(2);
        assertThat(loop.health().ready()).isTrue();
    }

    @Test
    void aPartitionThatIsTakenAwayStopsItsEvaluationWithoutAWord() {
        deliver(1, "bot/tone");
        await().until(() -> scoring.begun.size() == 1);

        consumer.schedulePollTask(() -> consumer.rebalance(List.of()));
        await().until(() -> scoring.stopped.getCount() == 0);

        assertThat(producer.history()).isEmpty();
        assertThat(loop.health().live()).isTrue();
    }

    private List<EvaluationCompleted> published() {
        return producer.history().stream()
                .map(ProducerRecord::value)
                .map(EvaluationCompleted.class::cast)
                .toList();
    }

    private void deliver(int version, String task) {
        TaskId id = TaskId.parse(task);
        EvaluateTask job = EvaluateTask.newBuilder()
                .setModel(id.model().value())
                .setVersion(version)
                .setTask(id.task().value())
                .setAt(Instant.EPOCH)
                .build();
        long offset = next++;
        byte[] value = serdes.of(TOPICS.evaluationJobs()).serializer().serialize(PARTITION.topic(), job);
        consumer.schedulePollTask(() -> consumer.addRecord(
                new ConsumerRecord<>(PARTITION.topic(), 0, offset, task.getBytes(StandardCharsets.UTF_8), value)));
    }

    private RecordReader<EvaluateTask> reader() {
        return new RecordReader<>(
                TOPICS.evaluationJobs(), serdes.of(TOPICS.evaluationJobs()).deserializer(), passedOver);
    }

    /** Scores without an engine, one task per permit. */
    private static final class FakeScoring implements TaskScoring {
        final Semaphore permits = new Semaphore(0);
        final List<String> begun = new CopyOnWriteArrayList<>();
        final ConcurrentLinkedDeque<RuntimeException> failures = new ConcurrentLinkedDeque<>();
        final CountDownLatch stopped = new CountDownLatch(1);
        volatile String away = "";
        volatile CountDownLatch gate = new CountDownLatch(0);

        @Override
        public List<Evaluation> score(ModelLine line, int version, CommittedVersion commit, Cancellation cancellation) {
            begun.add("%s %d".formatted(commit.task(), version));
            if (commit.task().toString().equals(away)) {
                throw new RetriableException(ErrorCode.STORAGE, "its blobs are away");
            }
            RuntimeException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
            await(cancellation);
            var digest = RegistryLog.digest(commit.task().task().value());
            var measured = new Evaluation.Measured(0.9, 10, digest, new Evaluation.Hits("hits.jsonl", digest, 1));
            return both(line, version, commit, "accuracy", measured);
        }

        @Override
        public List<Evaluation> notMeasured(
                ModelLine line, int version, CommittedVersion commit, Evaluation.NotMeasured why) {
            return both(line, version, commit, "?", why);
        }

        private void await(Cancellation cancellation) {
            try {
                while (!permits.tryAcquire()) {
                    cancellation.pause(5);
                }
                gate.await();
            } catch (TessellateException e) {
                stopped.countDown();
                throw e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static List<Evaluation> both(
                ModelLine line, int version, CommittedVersion commit, String metric, Evaluation.Result result) {
            List<TaskName> tasks = line.holding(version).taskNames();
            return Arrays.stream(View.values())
                    .map(view -> new Evaluation(
                            line.name(), version, tasks, commit.task().task(), view, metric, result, Instant.EPOCH))
                    .toList();
        }

        @Override
        public void close() {
            permits.release(1);
        }
    }
}
