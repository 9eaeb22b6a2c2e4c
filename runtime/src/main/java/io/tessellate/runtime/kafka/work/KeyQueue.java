package io.tessellate.runtime.kafka.work;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.kafka.SendFailures;
import io.tessellate.runtime.retry.Backoff;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one key in their order, one being worked on at a time. A record whose work fails in a way that nobody foresaw is
 * kept, and tried again after long pauses: only this key waits for it. In the consumer's thread, but for what it waits for.
 *
 * @param <V> type of the records' values
 */
final class KeyQueue<V> implements Waiting {
    private static final Logger LOG = LoggerFactory.getLogger(KeyQueue.class);

    private final String name;
    private final Hands<V> hands;
    private final Deque<ConsumerRecord<String, V>> records = new ArrayDeque<>();
    private @Nullable Active active;
    private int failures;
    private long notBefore;
    private volatile @Nullable Trouble trouble;

    /**
     * What works on the records.
     *
     * @param nanos the clock
     */
    record Hands<V>(Begin<V> begin, Backoff backoff, LongSupplier nanos) {}

    /** Begins to work on a record, in another thread. */
    @FunctionalInterface
    interface Begin<V> {
        Future<?> begin(ConsumerRecord<String, V> record, Cancellation cancellation, Waiting waiting);
    }

    /** What a key waits for. */
    record Trouble(ErrorCode code, String why) {}

    private record Active(Future<?> work, Cancellation cancellation) {}

    KeyQueue(String name, Hands<V> hands) {
        this.name = name;
        this.hands = hands;
        this.notBefore = hands.nanos().getAsLong();
    }

    void add(ConsumerRecord<String, V> record) {
        records.add(record);
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    @Nullable
    Trouble trouble() {
        return trouble;
    }

    /**
     * Goes on as far as it can without waiting.
     *
     * @return the record that is done now, if one is
     * @throws KafkaException if the work's own clients have failed
     */
    @Nullable
    ConsumerRecord<String, V> advance() {
        ConsumerRecord<String, V> done = finish();
        ConsumerRecord<String, V> next = records.peek();
        if (active == null && next != null && hands.nanos().getAsLong() - notBefore >= 0) {
            var cancellation = new Cancellation();
            active = new Active(hands.begin().begin(next, cancellation, this), cancellation);
        }
        return done;
    }

    private @Nullable ConsumerRecord<String, V> finish() {
        Active ending = active;
        if (ending == null || !ending.work().isDone()) {
            return null;
        }
        active = null;
        try {
            ending.work().get();
            failures = 0;
            trouble = null;
            return records.poll();
        } catch (ExecutionException e) {
            keep(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Cancellation.interrupted(e);
        }
        return null;
    }

    private void keep(Throwable failure) {
        if (failure instanceof KafkaException client && !SendFailures.isOfTheRecord(client)) {
            throw client;
        }
        failures++;
        notBefore = hands.nanos().getAsLong() + hands.backoff().after(failures).toNanos();
        if (failure instanceof StoppedException) {
            LOG.info("{}: {}", name, failure.getMessage());
            return;
        }
        ConsumerRecord<String, V> record = records.element();
        LOG.error(
                "{} waits: offset {} of partition {} of {} fails, for the {}. time",
                name,
                record.offset(),
                record.partition(),
                record.topic(),
                failures,
                failure);
        ErrorCode code = failure instanceof TessellateException known ? known.code() : ErrorCode.DEFECT;
        trouble = new Trouble(code, String.valueOf(failure.getMessage()));
    }

    /** Asks the current work to stop. */
    void cancel() {
        if (active != null) {
            active.cancellation().cancel();
        }
    }

    /** Waits for the current work's end. */
    void awaitEnd(long deadline) {
        Active stopping = active;
        active = null;
        if (stopping == null) {
            return;
        }
        try {
            stopping.work().get(Math.max(0, deadline - hands.nanos().getAsLong()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            LOG.info("{} stopped: {}", name, String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            LOG.warn("{} did not stop in time", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void waitsFor(ErrorCode code, String why) {
        trouble = new Trouble(code, why);
    }

    @Override
    public void goesOn() {
        trouble = null;
    }
}
