package io.tessellate.runtime.kafka.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.topic.Cleanup;
import io.tessellate.topic.Compatibility;
import io.tessellate.topic.Topic;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class WorkLoopGarbageTest {
    private static final Topic<byte[]> TOPIC =
            new Topic<>("work", byte[].class, 1, Cleanup.FOR_EVER, Compatibility.FULL);
    private static final TopicPartition PARTITION = new TopicPartition("work", 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final PassedOver passedOver = new PassedOver(new SimpleMeterRegistry());
    private final AtomicInteger away = new AtomicInteger(1);
    private final List<String> done = new CopyOnWriteArrayList<>();

    @Test
    void garbageIsPassedOverAndARegistryThatIsAwayIsWaitedFor() throws InterruptedException {
        RecordReader<byte[]> reader = new RecordReader<>(
                TOPIC,
                (topic, bytes) -> {
                    String text = new String(bytes, UTF_8);
                    if (text.equals("garbage")) {
                        throw new IllegalStateException("no such kind of schema");
                    }
                    if (text.equals("late") && away.getAndDecrement() > 0) {
                        throw new SerializationException("registry", new ConnectException("refused"));
                    }
                    return bytes;
                },
                passedOver);
        WorkLoop<byte[]> loop = new WorkLoop<>(
                "work",
                consumer,
                reader,
                (value, consumed, cancellation, waiting) -> done.add(new String(value, UTF_8)));
        consumer.schedulePollTask(() -> {
            consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
            consumer.rebalance(List.of(PARTITION));
            List<String> values = List.of("first", "garbage", "late", "garbage", "last");
            for (int offset = 0; offset < values.size(); offset++) {
                consumer.addRecord(new ConsumerRecord<>(
                        "work", 0, offset, null, values.get(offset).getBytes(UTF_8)));
            }
        });
        Thread thread = new Thread(loop);
        thread.start();

        await().until(() -> done.contains("last"));

        assertThat(done).containsExactly("first", "late", "last");
        assertThat(passedOver.count("work")).isEqualTo(2);
        assertThat(loop.health().live()).isTrue();
        loop.stop();
        thread.join();
    }
}
