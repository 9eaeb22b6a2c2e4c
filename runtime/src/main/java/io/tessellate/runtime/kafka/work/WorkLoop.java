package io.tessellate.runtime.kafka.work;

import io.tessellate.error.ErrorCode;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.retry.Backoff;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Long work, record by record. The consumer's thread polls all the time, so that the group knows the member is there, and
 * works itself on nothing. The records of one key are worked on one after the other; every key has a thread of its own while it
 * has records, so that one which waits, even for ever, holds nobody else. How much is done at once is the work's own affair
 * ({@link Turns}). The work commits what it has consumed, in whatever order it comes to an end. A partition that is taken away
 * stops its work.
 *
 * @param <V> type of the records' values
 */
public final class WorkLoop<V> extends MemberLoop implements ConsumerRebalanceListener {
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Backoff UNFORESEEN =
            new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(10), Integer.MAX_VALUE);
    private static final int NAMED = 3;

    private final RecordReader<V> reader;
    private final Work<V> work;
    private final LongSupplier nanos;
    private final KeyQueue.Hands<V> hands;
    private final ExecutorService threads;
    private final Map<TopicPartition, PartitionWork<V>> partitions = new HashMap<>();

    /**
     * A loop to be run by a thread of its own; it closes the consumer and the work.
     *
     * @param name of the working threads, and for the log
     */
    public WorkLoop(String name, Consumer<byte[], byte[]> consumer, RecordReader<V> reader, Work<V> work) {
        this(name, consumer, reader, work, UNFORESEEN, System::nanoTime);
    }

    WorkLoop(
            String name,
            Consumer<byte[], byte[]> consumer,
            RecordReader<V> reader,
            Work<V> work,
            Backoff unforeseen,
            LongSupplier nanos) {
        super(name, consumer);
        this.reader = reader;
        this.work = work;
        this.nanos = nanos;
        this.hands = new KeyQueue.Hands<>(this::begin, unforeseen, nanos);
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    protected void subscribe() {
        consumer().subscribe(List.of(reader.topic().name()), this);
    }

    @Override
    protected Health turn(ConsumerRecords<byte[], byte[]> read) {
        read.forEach(record -> of(partition(record)).take(record));
        partitions.values().forEach(PartitionWork::advance);
        holdBackWhereFull();
        return state();
    }

    @Override
    protected void release() {
        stop(partitions.values());
        threads.shutdownNow();
        work.close();
    }

    private PartitionWork<V> of(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, fresh -> work(null));
    }

    private PartitionWork<V> work(@Nullable OffsetAndMetadata committed) {
        return new PartitionWork<>(PartitionProgress.of(committed), reader, work::concerns, hands);
    }

    private void holdBackWhereFull() {
        Set<TopicPartition> full = consumer().assignment().stream()
                .filter(partition -> partitions.containsKey(partition)
                        && partitions.get(partition).isFull())
                .collect(Collectors.toSet());
        Set<TopicPartition> others = new LinkedHashSet<>(consumer().paused());
        others.removeAll(full);
        consumer().pause(full);
        consumer().resume(others);
    }

    private Future<?> begin(ConsumerRecord<String, V> record, Cancellation cancellation, Waiting waiting) {
        ConsumerGroupMetadata group = consumer().groupMetadata();
        Consumed consumed = new Consumed(
                partition(record), record.offset(), group, of(partition(record)).progress());
        return threads.submit(() -> work.on(record.value(), consumed, cancellation, waiting));
    }

    private Health state() {
        List<KeyQueue.Trouble> troubles = partitions.values().stream()
                .flatMap(partition -> partition.troubles().stream())
                .toList();
        String detail = PassedOver.beside(consumer().assignment().size() + " partitions", reader.passedOver());
        if (troubles.isEmpty()) {
            return Health.up(detail);
        }
        String named = troubles.stream().limit(NAMED).map(KeyQueue.Trouble::why).collect(Collectors.joining("; "));
        String more = troubles.size() > NAMED ? " and %d more".formatted(troubles.size() - NAMED) : "";
        boolean people =
                troubles.stream().allMatch(trouble -> trouble.code().category() == ErrorCode.Category.CONFLICT);
        return people ? Health.up("%s; waiting: %s%s".formatted(detail, named, more)) : Health.waiting(named + more);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer().committed(Set.copyOf(assigned));
        for (TopicPartition partition : assigned) {
            partitions.put(partition, work(committed.get(partition)));
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        List<PartitionWork<V>> leaving = revoked.stream()
                .filter(partitions::containsKey)
                .map(partitions::remove)
                .toList();
        stop(leaving);
    }

    private void stop(Collection<PartitionWork<V>> leaving) {
        long deadline = nanos.getAsLong() + STOP.toNanos();
        leaving.forEach(PartitionWork::cancel);
        leaving.forEach(partition -> partition.awaitEnd(deadline));
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /**
     * What is done with a record.
     *
     * @param <V> type of its value
     */
    @FunctionalInterface
    public interface Work<V> extends AutoCloseable {
        /**
         * Whether anything is done with such a value; what is not is done at once, also before others of its key.
         *
         * @throws io.tessellate.error.TessellateException if nothing can ever be done with it: it is noted and passed over
         */
        default boolean concerns(V value) {
            return true;
        }

        /**
         * Works on a record, on a thread of its key, and commits it; what returns without having committed is covered by
         * the next commit. A KafkaException of the work's own clients ends the loop, a stop leaves the record to whoever reads it
         * next; for anything else the record is kept and tried again after long pauses, which only its key waits for.
         */
        void on(V value, Consumed consumed, Cancellation cancellation, Waiting waiting);

        /** Frees what it works with. */
        @Override
        default void close() {
            // most work holds nothing
        }
    }
}
