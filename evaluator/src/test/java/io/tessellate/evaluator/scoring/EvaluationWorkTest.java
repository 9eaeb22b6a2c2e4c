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
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.kafka.Cancellation;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.kafka.WorkLoop;
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
        var parts = new VersionEvaluation.Parts(
                (model, version) -> log.line(), scoring, new EvaluationLog(TOPICS, producer));
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
    public void everyCommittedVersionIsPublishedWithItsOffsetInOneTransaction() {
        deliver(log.register());
        deliver(log.commit("tone"));
        deliver(log.promote(1));
        deliver(log.commit("topic"));
        scoring.permits.release(2);

        await().until(() -> producer.commitCount() == 2);

        List<EvaluationCompleted> published = new ArrayList<>();
        producer.history().stream()
                .map(ProducerRecord::value)
                .forEach(value -> published.add((EvaluationCompleted) value));
        assertThat(published).extracting(EvaluationCompleted::getVersion).containsExactly(1, 1, 2, 2, 2, 2);
        assertThat(producer.consumerGroupOffsetsHistory())
                .extracting(
                        group -> group.values().iterator().next().get(PARTITION).offset())
                .containsExactly(2L, 4L);
        assertThat(loop.health().ready()).isTrue();
    }

    @Test
    public void theConsumerKeepsPollingWithItsPartitionsPausedWhileAVersionIsScored() {
        deliver(log.register());
        deliver(log.commit("tone"));
        deliver(log.commit("topic"));

        await().until(() -> scoring.begun.size() == 1 && consumer.paused().contains(PARTITION));
        var polled = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            consumer.schedulePollTask(polled::countDown);
        }
        await().until(() -> polled.getCount() == 0);
        assertThat(producer.commitCount()).isZero();

        scoring.permits.release(2);
        await().until(() -> producer.commitCount() == 2 && consumer.paused().isEmpty());
        assertThat(scoring.begun).containsExactly(1, 2);
    }

    @Test
    public void aVersionThatCannotBeScoredNowIsTriedAgainAndSaysSo() {
        scoring.failures.add(new RetriableException(ErrorCode.STORAGE, "blob is not there"));
        scoring.gate = new CountDownLatch(1);
        deliver(log.register());
        deliver(log.commit("tone"));

        await().until(() -> !loop.health().ready());
        assertThat(loop.health().detail()).contains("version 1 of bot", "blob is not there");
        assertThat(loop.health().live()).isTrue();

        scoring.gate.countDown();
        scoring.permits.release(1);
        await().until(() -> producer.commitCount() == 1 && loop.health().ready());
    }

    @Test
    public void aDefectStopsTheWorkerLoudly() {
        scoring.failures.add(new IllegalStateException("broken"));
        deliver(log.register());
        deliver(log.commit("tone"));

        await().until(() -> !loop.health().live());
        assertThat(producer.commitCount()).isZero();
    }

    @Test
    public void aPartitionThatIsTakenAwayStopsItsEvaluationWithoutAWord() {
        deliver(log.register());
        deliver(log.commit("tone"));
        await().until(() -> scoring.begun.size() == 1);

        consumer.schedulePollTask(() -> consumer.rebalance(List.of()));
        await().until(() -> scoring.stopped.getCount() == 0);

        assertThat(producer.history()).isEmpty();
        assertThat(loop.health().live()).isTrue();
    }

    private void deliver(RegistryEvent event) {
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
        volatile CountDownLatch gate = new CountDownLatch(0);

        @Override
        public List<Evaluation> score(ModelLine line, int version, Cancellation cancellation) {
            if (begun.isEmpty() || begun.get(begun.size() - 1) != version) {
                begun.add(version);
            }
            RuntimeException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
            await(cancellation);
            List<TaskName> tasks =
                    line.tasksUpTo(version).stream().map(TaskId::task).toList();
            List<Evaluation> all = new ArrayList<>();
            for (TaskName task : tasks) {
                for (View view : View.values()) {
                    all.add(evaluation(line.name(), version, tasks, task, view));
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
                    0.9,
                    10,
                    digest,
                    new Evaluation.Hits("hits.jsonl", digest, 1),
                    Instant.EPOCH);
        }

        @Override
        public void close() {
            permits.release(1);
        }
    }
}
