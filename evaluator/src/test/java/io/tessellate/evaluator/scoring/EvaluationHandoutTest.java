package io.tessellate.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.event.EvaluateTask;
import io.tessellate.event.RegistryEvent;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.fixture.RegistryLog;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.kafka.work.WorkLoop;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
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

class EvaluationHandoutTest {
    private static final TopicCatalogue TOPICS = new TopicCatalogue(TopicNames.DEFAULT);
    private static final TopicPartition PARTITION =
            new TopicPartition(TOPICS.registry().name(), 0);

    private final RegistryLog log = new RegistryLog("bot");
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final AvroSerdes serdes = new AvroSerdes("mock://" + UUID.randomUUID(), true);
    private final MockProducer<String, SpecificRecord> producer =
            new MockProducer<>(true, null, new StringSerializer(), serdes.serializer());
    private final AtomicBoolean away = new AtomicBoolean();
    private WorkLoop<RegistryEvent> loop;
    private Thread thread;
    private long next;

    @BeforeEach
    void start() {
        producer.initTransactions();
        loop = new WorkLoop<>(
                "handout",
                consumer,
                new RecordReader<>(
                        TOPICS.registry(),
                        serdes.of(TOPICS.registry()).deserializer(),
                        new PassedOver(new SimpleMeterRegistry())),
                new EvaluationHandout((model, version) -> line(), new EvaluationLog(TOPICS, producer)));
        consumer.schedulePollTask(() -> {
            consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
            consumer.rebalance(List.of(PARTITION));
        });
        thread = new Thread(loop, "loop");
        thread.start();
    }

    private ModelLine line() {
        if (away.get()) {
            throw new RetriableException(ErrorCode.TIMEOUT, "the log is behind");
        }
        return log.line();
    }

    @AfterEach
    void stop() throws InterruptedException {
        loop.stop();
        thread.join();
    }

    @Test
    void everyTaskOfANewVersionIsOneJobAndAllOfThemAreOneTransactionWithItsOffset() {
        deliver(log.register());
        deliver(log.commit("tone"));
        deliver(log.promote(1));
        deliver(log.commit("topic"));

        await().until(() -> producer.commitCount() == 2);

        assertThat(jobs())
                .extracting(job -> "%d %s".formatted(job.getVersion(), job.getTask()))
                .containsExactly("1 tone", "2 tone", "2 topic");
        assertThat(producer.history())
                .extracting(ProducerRecord::key)
                .containsExactly("bot/tone", "bot/tone", "bot/topic");
        assertThat(producer.consumerGroupOffsetsHistory().stream()
                        .map(group ->
                                group.values().iterator().next().get(PARTITION).offset()))
                .hasSize(2)
                .endsWith(4L);
    }

    @Test
    void theTasksOfAVersionAreSpreadEvenlyAndATaskAlwaysGoesTheSameWay() {
        deliver(log.register());
        for (int task = 1; task <= 8; task++) {
            deliver(log.commit("task" + task));
        }

        await().until(() -> producer.commitCount() == 8);

        List<ProducerRecord<String, SpecificRecord>> newest = producer.history()
                .subList(producer.history().size() - 8, producer.history().size());
        assertThat(newest).extracting(ProducerRecord::partition).contains(0, 1, 2, 3);
        for (int partition = 0; partition < 4; partition++) {
            int one = partition;
            assertThat(newest).filteredOn(record -> record.partition() == one).hasSize(2);
        }
        assertThat(producer.history())
                .filteredOn(record -> record.key().equals("bot/task3"))
                .extracting(ProducerRecord::partition)
                .containsOnly(newest.get(2).partition());
    }

    @Test
    void aLogThatIsBehindIsWaitedFor() {
        away.set(true);
        deliver(log.register());
        deliver(log.commit("tone"));

        await().until(() -> loop.health().detail().contains("version 1 of bot waits: the log is behind"));
        assertThat(producer.history()).isEmpty();

        away.set(false);
        await().until(() -> producer.commitCount() == 1 && loop.health().ready());
    }

    private List<EvaluateTask> jobs() {
        return producer.history().stream()
                .map(ProducerRecord::value)
                .map(EvaluateTask.class::cast)
                .toList();
    }

    private void deliver(LoggedEvent entry) {
        RegistryEvent event = RegistryEventCodec.toAvro(entry);
        long offset = next++;
        byte[] value = serdes.of(TOPICS.registry()).serializer().serialize(PARTITION.topic(), event);
        consumer.schedulePollTask(() -> consumer.addRecord(new ConsumerRecord<>(
                PARTITION.topic(), 0, offset, event.getModel().getBytes(StandardCharsets.UTF_8), value)));
    }
}
