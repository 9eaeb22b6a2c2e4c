package io.tessellate.predictor.topic;

import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.work.MemberLoop;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * Records of all topics of a pattern, some at a time, each batch published with its offsets in one transaction. A record that must wait
 * holds its partition and no other. New topics are found by the pattern.
 */
abstract class TopicLoop extends MemberLoop {
    private final Pattern pattern;
    private final PredictionLog log;
    private final HeldPartitions held;

    /** A loop to be run by a thread of its own; it closes the consumer and the log. */
    TopicLoop(Consumer<byte[], byte[]> consumer, Pattern pattern, PredictionLog log) {
        super("the reading of " + pattern, consumer);
        this.pattern = pattern;
        this.log = log;
        this.held = new HeldPartitions(consumer);
    }

    /** Publishes what became of records. */
    abstract void settle(ConsumerRecords<byte[], byte[]> records);

    PredictionLog log() {
        return log;
    }

    HeldPartitions held() {
        return held;
    }

    @Override
    protected void subscribe() {
        consumer().subscribe(pattern);
    }

    @Override
    protected Health turn(ConsumerRecords<byte[], byte[]> read) {
        held.letGo();
        if (!read.isEmpty()) {
            settle(read);
        }
        return held.health();
    }

    @Override
    protected void release() {
        log.close();
    }
}
