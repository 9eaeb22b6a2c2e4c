package io.tessellate.predictor.topic;

import io.tessellate.error.ErrorCode;
import io.tessellate.predictor.asking.Reply;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.retry.Backoff;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Partitions whose next record must wait, each with growing pauses of its own; the others go on. For one thread. */
final class HeldPartitions {
    private static final Logger LOG = LoggerFactory.getLogger(HeldPartitions.class);
    /** Answers that are not there in time: after so many the record is given up. */
    private static final int MOST_LATE = 3;

    private static final Backoff AGAIN = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), Integer.MAX_VALUE);

    private final Consumer<?, ?> consumer;
    private final Map<TopicPartition, Held> held = new HashMap<>();

    /** A partition that waits. */
    record Held(long offset, int times, int late, long until, Reply.Refused why) {}

    HeldPartitions(Consumer<?, ?> consumer) {
        this.consumer = consumer;
    }

    /** How long a record holds its partition; null if it does not. */
    @Nullable
    Held hold(TopicPartition partition, ConsumerRecord<?, ?> record, Reply.Refused why) {
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

    /** After what was published: partitions that got on are free, and those that wait are read no further. */
    void settle(Collection<TopicPartition> done, Map<TopicPartition, Held> waiting) {
        done.forEach(held::remove);
        waiting.forEach(this::holdBack);
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
    void letGo() {
        held.keySet().retainAll(consumer.assignment());
        held.forEach((partition, hold) -> {
            if (hold.until() - System.nanoTime() <= 0) {
                consumer.resume(List.of(partition));
            }
        });
    }

    Health health() {
        String detail = consumer.assignment().size() + " partitions";
        return held.isEmpty()
                ? Health.up(detail)
                : Health.up("%s; waiting: %s"
                        .formatted(detail, held.values().iterator().next().why().reason()));
    }
}
