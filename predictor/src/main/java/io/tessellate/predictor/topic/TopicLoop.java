package io.tessellate.predictor.topic;

import io.tessellate.error.StoppedException;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.work.MemberLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records of all topics of a pattern, some at a time, each batch published with its offsets in one transaction. A record that must wait
 * holds its partition and no other. New topics are found by the pattern.
 */
abstract class TopicLoop implements MemberLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TopicLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Pattern pattern;
    private final PredictionLog log;
    private final HeldPartitions held;
    private volatile boolean running = true;
    private volatile Health health = Health.waiting("joining the group");
    private volatile @Nullable RuntimeException failure;

    /** A loop to be run by a thread of its own; it closes the consumer and the log. */
    TopicLoop(Consumer<byte[], byte[]> consumer, Pattern pattern, PredictionLog log) {
        this.consumer = consumer;
        this.pattern = pattern;
        this.log = log;
        this.held = new HeldPartitions(consumer);
    }

    /** Works on what was read, and publishes it. */
    abstract void work(ConsumerRecords<byte[], byte[]> records);

    Consumer<byte[], byte[]> consumer() {
        return consumer;
    }

    PredictionLog log() {
        return log;
    }

    HeldPartitions held() {
        return held;
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void stop() {
        running = false;
        consumer.wakeup();
    }

    @Override
    public void run() {
        try {
            consumer.subscribe(pattern);
            while (running) {
                turn();
            }
            health = Health.waiting("stopped");
        } catch (WakeupException | StoppedException e) {
            health = Health.waiting("stopped");
        } catch (RuntimeException e) {
            LOG.error("the records of {} are not read any more", pattern, e);
            failure = e;
            health = Health.dead(String.valueOf(e.getMessage()));
        } finally {
            log.close();
            consumer.close();
        }
    }

    private void turn() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        held.letGo();
        if (!records.isEmpty()) {
            work(records);
        }
        health = held.health();
    }
}
