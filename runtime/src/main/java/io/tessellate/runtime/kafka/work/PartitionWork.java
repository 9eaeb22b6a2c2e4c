package io.tessellate.runtime.kafka.work;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.kafka.RecordReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is being done with one partition: a queue for each key, so that a key that waits holds no other. In the consumer's
 * thread only.
 *
 * @param <V> type of the records' values
 */
final class PartitionWork<V> {
    /** So many records may be open at a time; their offsets have to fit into a commit's metadata. */
    private static final int MOST_OPEN = 300;

    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PartitionProgress progress;
    private final RecordReader<V> reader;
    private final Predicate<V> concerns;
    private final KeyQueue.Hands<V> hands;
    private final Deque<ConsumerRecord<byte[], byte[]>> undecoded = new ArrayDeque<>();
    private final Map<String, KeyQueue<V>> queues = new LinkedHashMap<>();
    private KeyQueue.@Nullable Trouble unreadable;
    private long lookAgain;

    /**
     * Work on a partition.
     *
     * @param concerns whether anything is to be done with a value; what is not is done at once, also before others of its key
     */
    PartitionWork(PartitionProgress progress, RecordReader<V> reader, Predicate<V> concerns, KeyQueue.Hands<V> hands) {
        this.progress = progress;
        this.reader = reader;
        this.concerns = concerns;
        this.hands = hands;
    }

    PartitionProgress progress() {
        return progress;
    }

    /** Whether no more records should be read before some are done. */
    boolean isFull() {
        return progress.open() >= MOST_OPEN;
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
        if (progress.arrived(record.offset())) {
            undecoded.add(record);
        }
    }

    /** Goes on with every key, as far as it can without waiting. */
    void advance() {
        decode();
        for (KeyQueue<V> queue : List.copyOf(queues.values())) {
            ConsumerRecord<String, V> done = queue.advance();
            if (done != null) {
                progress.done(done.offset());
            }
        }
        queues.values().removeIf(KeyQueue::isEmpty);
    }

    private void decode() {
        if (unreadable != null && hands.nanos().getAsLong() - lookAgain < 0) {
            return;
        }
        unreadable = null;
        while (!undecoded.isEmpty()) {
            Optional<ConsumerRecord<String, @Nullable V>> record;
            try {
                record = reader.read(undecoded.element());
            } catch (RetriableException e) {
                lookAgainLater(e);
                return;
            } catch (TessellateException e) {
                if (e.code() != ErrorCode.NOT_AUTHENTICATED) {
                    throw e;
                }
                lookAgainLater(e);
                return;
            }
            queue(undecoded.remove().offset(), record);
        }
    }

    private void lookAgainLater(TessellateException reason) {
        unreadable = new KeyQueue.Trouble(reason.code(), String.valueOf(reason.getMessage()));
        lookAgain = hands.nanos().getAsLong() + LOOK_AGAIN_NANOS;
    }

    private void queue(long offset, Optional<ConsumerRecord<String, @Nullable V>> record) {
        if (record.isEmpty() || record.get().value() == null || !concerns(record.get())) {
            progress.done(offset);
            return;
        }
        String key = record.get().key() == null ? "" : record.get().key();
        queues.computeIfAbsent(key, name -> new KeyQueue<>(name, hands)).add(record.get());
    }

    private boolean concerns(ConsumerRecord<String, V> record) {
        try {
            return concerns.test(record.value());
        } catch (TessellateException e) {
            reader.passOver(record, e);
            return false;
        }
    }

    List<KeyQueue.Trouble> troubles() {
        List<KeyQueue.Trouble> all = new ArrayList<>();
        Optional.ofNullable(unreadable).ifPresent(all::add);
        queues.values().forEach(queue -> Optional.ofNullable(queue.trouble()).ifPresent(all::add));
        if (isFull() && !all.isEmpty()) {
            all.add(new KeyQueue.Trouble(
                    ErrorCode.NOT_READY,
                    "%d records are open: no more are read of their partition until some are done"
                            .formatted(progress.open())));
        }
        return all;
    }

    void cancel() {
        queues.values().forEach(KeyQueue::cancel);
    }

    void awaitEnd(long deadline) {
        queues.values().forEach(queue -> queue.awaitEnd(deadline));
    }
}
