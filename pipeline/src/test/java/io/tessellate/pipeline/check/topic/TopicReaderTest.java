package io.tessellate.pipeline.check.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.pipeline.check.topic.TaskTopics.OffsetSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TopicReaderTest {
    private static final String TOPIC = "events";
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final TopicReader reader = new TopicReader(consumer);

    @Test
    void allPartitionsAreReadAtOnceEachInItsOrderToTheEndOfItsSpanAndAsOftenAsIsAsked() {
        consumer.updateBeginningOffsets(Map.of(new TopicPartition(TOPIC, 0), 0L, new TopicPartition(TOPIC, 2), 0L));
        Map<Integer, OffsetSpan> spans =
                Map.of(0, new OffsetSpan(0, 2), 1, new OffsetSpan(0, 0), 2, new OffsetSpan(0, 1));
        for (int time = 0; time < 2; time++) {
            consumer.schedulePollTask(() -> deliver(0, 0));
            consumer.schedulePollTask(() -> deliver(2, 0, 1));
            consumer.schedulePollTask(() -> deliver(0, 1));
            List<String> read = new ArrayList<>();

            reader.read(TOPIC, spans, record -> read.add(record.partition() + "@" + record.offset()));

            assertThat(read).containsExactlyInAnyOrder("0@0", "0@1", "2@0").containsSubsequence("0@0", "0@1");
        }
    }

    private void deliver(int partition, long... offsets) {
        for (long offset : offsets) {
            consumer.addRecord(new ConsumerRecord<>(TOPIC, partition, offset, new byte[0], new byte[0]));
        }
    }
}
