package io.tessellate.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.RegistryEvent;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.fixture.RegistryLog;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
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
import java.util.ArrayList;
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
            new TopicPartition(TOPICS.registry().name(), 0);

    private final RegistryLog log = new RegistryLog("bot");
    private final RegistryLog other = new RegistryLog("other");
    private final Map<String, RegistryLog> logs = Map.of("bot", log, "other", other);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final AvroSerdes serdes = new AvroSerdes("mock://" + UUID.randomUUID(), true);
    private final MockProducer<String, SpecificRecord> producer =
            new MockProducer<>(true, null, new StringSerializer(), serdes.serializer());
    private final FakeScoring scoring = new FakeScoring();
    private WorkLoop<RegistryEvent> loop;
    private Thread thread;
    private long next;

    @BeforeEach
    void start() {
        producer.initTransactions();
        var parts = new EvaluationResources(
                (model, version) -> logs.get(model.value()).line(),
                scoring,
                new Turns(1),
                new EvaluationLog(TOPICS, producer));
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
    void everyCommittedVersionIsPublishedWithItsOffsetInOneTransaction() {
        deliver(log.register());
        deliver(log.commit("tone"));
        deliver(log.promote(1));
        deliver(log.commit("topic"));
        scoring.permits.release(2);

        await().until(() -> producer.commitCount() == 2);

        assertThat(published()).extracting(EvaluationCompleted::getVersion).containsExactly(1, 1, 2, 2, 2, 2);
        assertThat(producer.consumerGroupOffsetsHistory().stream()
                        .map(group ->
                                group.values().iterator().next().get(PARTITION).offset()))
                .hasSize(2)
                .isSorted()
                .endsWith(4L);
        assertThat(loop.health().ready()).isTrue();
    }

    @Test
    void theConsumerKeepsPollingWhileAVersionIsScored() {
        deliver(log.register());
        deliver(log.commit("tone"));
        deliver(log.commit("topic"));

        await().until(() -> scoring.begun.size() == 1);
        var polled = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            consumer.schedulePollTask(polled::countDown);
        }
        await().until(() -> polled.getCount() == 0);
        assertThat(producer.commitCount()).isZero();

        scoring.permits.release(2);
        await().until(() -> producer.commitCount() == 2);
        assertThat(scoring.begun).containsExactly(1, 2);
    }

    @Test
    void aVersionThatCannotBeScoredNowIsTriedAgainAndSaysSo() {
        scoring.failures.add(new RetriableException(ErrorCode.STORAGE, "blob is not there"));
        scoring.gate = new CountDownLatch(1);
        deliver(log.register());
        deliver(log.commit("tone"));

        await().until(() -> loop.health().detail().contains("blob is not there"));
        assertThat(loop.health().detail()).contains("version 1 of bot");
        assertThat(loop.health().ready()).isFalse();
        assertThat(loop.health().live()).isTrue();

        scoring.gate.countDown();
        scoring.permits.release(1);
        await().until(() -> producer.commitCount() == 1 && loop.health().ready());
    }

    @Test
    void aFailureThatDoesNotPassIsTheVersionsResultAndLaterVersionsGoOn() {
        scoring.failures.add(new TessellateException(ErrorCode.RECORDS_GONE, "the topic was deleted"));
        deliver(log.register());
        deliver(log.commit("tone"));
        deliver(log.commit("topic"));
        scoring.permits.release(1);

        await().until(() -> producer.commitCount() == 2);
        assertThat(published())
                .filteredOn(event -> event.getVersion() == 1)
                .hasSize(2)
                .allSatisfy(event -> {
                    assertThat(event.getNotMeasured().getCode()).isEqualTo("RECORDS_GONE");
                    assertThat(event.getNotMeasured().getReason()).isEqualTo("the topic was deleted");
                    assertThat(event.getScore()).isZero();
                });
        assertThat(published())
                .filteredOn(event -> event.getVersion() == 2)
                .hasSize(4)
                .allSatisfy(event -> assertThat(event.getNotMeasured()).isNull());
        assertThat(loop.health().ready()).isTrue();
    }

    @Test
    void aDefectIsTheVersionsResultToo() {
        scoring.failures.add(new IllegalStateException("broken"));
        deliver(log.register());
        deliver(log.commit("tone"));

        await().until(() -> producer.commitCount() == 1);
        assertThat(published())
                .extracting(event -> event.getNotMeasured().getCode())
                .containsOnly("DEFECT");
        assertThat(loop.health().live()).isTrue();
    }

    @Test
    void aModelThatWaitsHoldsNoOtherModel() {
        scoring.away = "bot";
        deliver(log.register());
        deliver(log.commit("tone"));
        deliver(other.register());
        deliver(other.commit("grammar"));
        scoring.permits.release(1);

        await().until(() -> producer.commitCount() == 1);
        assertThat(published()).extracting(EvaluationCompleted::getModel).containsOnly("other");
        await().until(() -> loop.health().detail().contains("version 1 of bot waits"));

        scoring.away = "";
        scoring.permits.release(1);
        await().until(() -> producer.commitCount() == 2);
        assertThat(published()).extracting(EvaluationCompleted::getModel).contains("bot");
    }

    @Test
    void aPartitionThatIsTakenAwayStopsItsEvaluationWithoutAWord() {
        deliver(log.register());
        deliver(log.commit("tone"));
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

    private void deliver(LoggedEvent entry) {
        RegistryEvent event = RegistryEventCodec.toAvro(entry);
        long offset = next++;
        byte[] value = serdes.of(TOPICS.registry()).serializer().serialize(PARTITION.topic(), event);
        consumer.schedulePollTask(() -> consumer.addRecord(new ConsumerRecord<>(
                PARTITION.topic(), 0, offset, event.getModel().getBytes(StandardCharsets.UTF_8), value)));
    }

    private RecordReader<RegistryEvent> reader() {
        return new RecordReader<>(
                TOPICS.registry(),
                serdes.of(TOPICS.registry()).deserializer(),
                new PassedOver(new SimpleMeterRegistry()));
    }

    /** Scores without an engine, one version per permit. */
    private static final class FakeScoring implements VersionScoring {
        final Semaphore permits = new Semaphore(0);
        final List<Integer> begun = new CopyOnWriteArrayList<>();
        final ConcurrentLinkedDeque<RuntimeException> failures = new ConcurrentLinkedDeque<>();
        final CountDownLatch stopped = new CountDownLatch(1);
        volatile String away = "";
        volatile CountDownLatch gate = new CountDownLatch(0);

        @Override
        public List<Evaluation> score(ModelLine line, int version, Cancellation cancellation) {
            if (begun.isEmpty() || begun.get(begun.size() - 1) != version) {
                begun.add(version);
            }
            if (line.name().value().equals(away)) {
                throw new RetriableException(ErrorCode.STORAGE, "its blobs are away");
            }
            RuntimeException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
            await(cancellation);
            List<TaskName> tasks = line.holding(version).taskNames();
            List<Evaluation> all = new ArrayList<>();
            for (TaskName task : tasks) {
                for (View view : View.values()) {
                    all.add(evaluation(line.name(), version, tasks, task, view));
                }
            }
            return all;
        }

        @Override
        public List<Evaluation> notMeasured(ModelLine line, int version, Evaluation.NotMeasured why) {
            List<TaskName> tasks = line.holding(version).taskNames();
            List<Evaluation> all = new ArrayList<>();
            for (TaskName task : tasks) {
                for (View view : View.values()) {
                    all.add(new Evaluation(line.name(), version, tasks, task, view, "?", why, Instant.EPOCH));
                }
            }
            return all;
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

        private static Evaluation evaluation(
                ModelName model, int version, List<TaskName> tasks, TaskName task, View view) {
            var digest = RegistryLog.digest(task.value());
            return new Evaluation(
                    model,
                    version,
                    tasks,
                    task,
                    view,
                    "accuracy",
                    new Evaluation.Measured(0.9, 10, digest, new Evaluation.Hits("hits.jsonl", digest, 1)),
                    Instant.EPOCH);
        }

        @Override
        public void close() {
            permits.release(1);
        }
    }
}
