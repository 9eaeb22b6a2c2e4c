package io.tessellate.predictor.topic;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.StoppedException;
import io.tessellate.predictor.asking.Reply;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.work.MemberLoop;
import io.tessellate.runtime.retry.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records of all predict topics, some at a time: put to their tasks together, and published with their offsets in one transaction.
 * A record that must wait, for a dependency or a person, holds its partition and no other; one that cannot be answered is put
 * aside. New topics are found by the pattern.
 */
final class PredictionLoop implements MemberLoop {
    private static final Logger LOG = LoggerFactory.getLogger(PredictionLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Answers that are not there in time: after so many the question is given up. */
    private static final int MOST_LATE = 3;

    private static final Backoff AGAIN = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), Integer.MAX_VALUE);

    private final Consumer<byte[], byte[]> consumer;
    private final Pattern pattern;
    private final RecordQuestions questions;
    private final PredictionLog log;
    private final Map<TopicPartition, Held> held = new HashMap<>();
    private volatile boolean running = true;
    private volatile Health health = Health.waiting("joining the group");
    private volatile @Nullable RuntimeException failure;

    /** A partition that waits. */
    private record Held(long offset, int times, int late, long until, Reply.Refused why) {}

    /** A loop to be run by a thread of its own; it closes the consumer and the log. */
    PredictionLoop(Consumer<byte[], byte[]> consumer, Pattern pattern, RecordQuestions questions, PredictionLog log) {
        this.consumer = consumer;
        this.pattern = pattern;
        this.questions = questions;
        this.log = log;
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
            LOG.error("predictions of topics have failed", e);
            failure = e;
            health = Health.dead(String.valueOf(e.getMessage()));
        } finally {
            log.close();
            consumer.close();
        }
    }

    private void turn() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        letGo();
        if (!records.isEmpty()) {
            answer(records);
        }
        health = state();
    }

    private void answer(ConsumerRecords<byte[], byte[]> records) {
        long read = System.nanoTime();
        Map<TopicPartition, List<AskedRecord>> asked = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            asked.put(
                    partition,
                    records.records(partition).stream().map(questions::ask).toList());
        }
        List<PredictionLog.Settled> settled = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        Map<TopicPartition, Held> waiting = new HashMap<>();
        asked.forEach((partition, all) -> {
            for (AskedRecord one : all) {
                Reply reply = reply(one, read);
                Held hold = reply instanceof Reply.Refused refused ? hold(partition, one.record(), refused) : null;
                if (hold != null) {
                    waiting.put(partition, hold);
                    break;
                }
                double millis = (System.nanoTime() - read) / 1e6;
                settled.add(new PredictionLog.Settled(questions.task(one.record()), one, reply, millis));
                offsets.put(partition, new OffsetAndMetadata(one.record().offset() + 1));
            }
        });
        if (!settled.isEmpty()) {
            log.publish(settled, offsets, consumer.groupMetadata());
        }
        offsets.keySet().forEach(held::remove);
        waiting.forEach(this::holdBack);
    }

    private Reply reply(AskedRecord asked, long read) {
        try {
            return asked.reply().get(Math.max(0, read + PATIENCE.toNanos() - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            Reply late = new Reply.Refused(ErrorCode.TIMEOUT, "no answer within %s".formatted(PATIENCE), true);
            asked.reply().complete(late);
            return asked.reply().getNow(late);
        } catch (ExecutionException e) {
            return Reply.Refused.of(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException("interrupted while records were answered", e);
        }
    }

    /** How long a record holds its partition; null if it does not. */
    private @Nullable Held hold(TopicPartition partition, ConsumerRecord<?, ?> record, Reply.Refused why) {
        Held before = held.get(partition);
        boolean same = before != null && before.offset() == record.offset();
        int times = same ? before.times() + 1 : 1;
        int late = (same ? before.late() : 0) + (why.code() == ErrorCode.TIMEOUT ? 1 : 0);
        if (!AskedRecord.mayPass(why) || late >= MOST_LATE) {
            return null;
        }
        return new Held(
                record.offset(),
                times,
                late,
                System.nanoTime() + AGAIN.after(times).toNanos(),
                why);
    }

    private void holdBack(TopicPartition partition, Held hold) {
        LOG.warn(
                "{} waits at offset {}: {}",
                partition,
                hold.offset(),
                hold.why().reason());
        held.put(partition, hold);
        if (consumer.assignment().contains(partition)) {
            consumer.seek(partition, hold.offset());
            consumer.pause(List.of(partition));
        }
    }

    /** Partitions whose pause is over are read on; those that were taken away are forgotten. */
    private void letGo() {
        held.keySet().retainAll(consumer.assignment());
        held.forEach((partition, hold) -> {
            if (hold.until() - System.nanoTime() <= 0) {
                consumer.resume(List.of(partition));
            }
        });
    }

    private Health state() {
        String detail = consumer.assignment().size() + " partitions";
        return held.isEmpty()
                ? Health.up(detail)
                : Health.up("%s; waiting: %s"
                        .formatted(detail, held.values().iterator().next().why().reason()));
    }
}
