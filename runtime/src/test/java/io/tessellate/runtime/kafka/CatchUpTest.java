package io.tessellate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.RetriableException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private static final TopicPartition LEFT = new TopicPartition("registry", 0);
    private static final TopicPartition RIGHT = new TopicPartition("registry", 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final CatchUp catchUp = new CatchUp(CatchUp::byItself);

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

    @Test
    void readingGoesOnUntilTheBrokerHasAnswered() {
        CompletableFuture<Map<TopicPartition, Long>> answer = new CompletableFuture<>();
        CatchUp open = new CatchUp(asked -> answer);
        consumer.seek(LEFT, 2);
        open.check(consumer);
        assertThat(open.reached()).isFalse();
        answer.complete(Map.of(LEFT, 2L, RIGHT, 0L));
        open.check(consumer);
        assertThat(open.reached()).isTrue();
    }

    @Test
    void aQuestionThatFailedIsSaidAndAskedAgain() {
        Deque<CompletableFuture<Map<TopicPartition, Long>>> answers = new ArrayDeque<>();
        answers.add(CompletableFuture.failedFuture(new TimeoutException("no broker")));
        answers.add(CompletableFuture.completedFuture(Map.of(LEFT, 0L, RIGHT, 0L)));
        CatchUp again = new CatchUp(asked -> answers.remove());
        assertThatThrownBy(() -> again.check(consumer))
                .isInstanceOf(RetriableException.class)
                .hasMessageContaining("no broker");
        assertThat(again.reached()).isFalse();
        again.check(consumer);
        assertThat(again.reached()).isTrue();
    }
}
