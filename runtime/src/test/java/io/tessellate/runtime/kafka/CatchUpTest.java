package io.tessellate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private static final TopicPartition LEFT = new TopicPartition("registry", 0);
    private static final TopicPartition RIGHT = new TopicPartition("registry", 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final CatchUp catchUp = new CatchUp();

    @BeforeEach
    void twoPartitions() {
        consumer.assign(List.of(LEFT, RIGHT));
        consumer.updateBeginningOffsets(Map.of(LEFT, 0L, RIGHT, 0L));
        consumer.updateEndOffsets(Map.of(LEFT, 2L, RIGHT, 0L));
        for (int offset = 0; offset < 3; offset++) {
            consumer.addRecord(new ConsumerRecord<>("registry", 0, offset, new byte[0], new byte[0]));
        }
    }

    @Test
    void nothingIsReachedBeforeItWasLookedAt() {
        assertThat(catchUp.reached()).isFalse();
    }

    @Test
    void itIsReachedWhereEveryPartitionHasBeenReadToTheEndItHadThen() {
        catchUp.check(consumer);
        assertThat(catchUp.reached()).isFalse();

        consumer.updateEndOffsets(Map.of(LEFT, 100L, RIGHT, 100L));
        consumer.seek(LEFT, 1);
        catchUp.check(consumer);
        assertThat(catchUp.reached()).isFalse();
        consumer.seek(LEFT, 2);
        catchUp.check(consumer);
        assertThat(catchUp.reached()).isTrue();
    }
}
