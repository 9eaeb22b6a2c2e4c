package io.tessellate.runtime.kafka.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsumedTest {
    private static final TopicPartition PARTITION = new TopicPartition("tasks", 0);

    private final MockProducer<String, String> producer =
            new MockProducer<>(true, null, new StringSerializer(), new StringSerializer());
    private final PartitionProgress progress = PartitionProgress.of(null);
    private final ConsumerGroupMetadata group = new MockConsumer<>("earliest").groupMetadata();
    private final Consumed consumed = new Consumed(PARTITION, 1, group, progress);

    @BeforeEach
    void readTwoRecords() {
        producer.initTransactions();
        progress.arrived(0);
        progress.arrived(1);
    }

    private void send(String text) {
        producer.send(new ProducerRecord<>("results", text));
    }

    @Test
    void whatIsWrittenAndTheOffsetsAreOneTransaction() {
        OffsetAndMetadata expected = progress.with(1);
        consumed.commitWith(producer, () -> send("result"));

        assertThat(producer.history()).extracting(ProducerRecord::value).containsExactly("result");
        assertThat(producer.consumerGroupOffsetsHistory())
                .containsExactly(Map.of(group.groupId(), Map.of(PARTITION, expected)));
        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(progress.open()).isEqualTo(1);
    }

    @Test
    void whatFailsIsAbortedAndTheRecordStaysOpen() {
        assertThatThrownBy(() -> consumed.commitWith(producer, () -> {
                    send("half a result");
                    throw new IllegalStateException("no room");
                }))
                .hasMessage("no room");
        assertThat(producer.history()).isEmpty();
        assertThat(producer.transactionAborted()).isTrue();
        assertThat(progress.open()).isEqualTo(2);
    }

    @Test
    void aCommitThatIsRefusedLeavesTheRecordOpenAndAnAbortThatFailsHidesNothing() {
        producer.commitTransactionException = new KafkaException("no answer");
        producer.abortTransactionException = new ProducerFencedException("another has the id");
        assertThatThrownBy(() -> consumed.commitWith(producer, () -> send("result")))
                .hasMessage("no answer")
                .hasSuppressedException(new ProducerFencedException("another has the id"));
        assertThat(progress.open()).isEqualTo(2);
    }

    @Test
    void aTransactionWithoutARecordCommitsNoOffsets() {
        Consumed.transaction(producer, () -> send("result"));
        assertThat(producer.history()).hasSize(1);
        assertThat(producer.consumerGroupOffsetsHistory()).isEmpty();
    }

    @Test
    void itSaysWhereItCameFrom() {
        assertThat(consumed).hasToString("offset 1 of tasks-0");
    }
}
