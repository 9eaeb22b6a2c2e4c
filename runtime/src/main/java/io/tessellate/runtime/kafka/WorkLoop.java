package io.tessellate.runtime.kafka;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.health.Health;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Long work, record by record. The consumer's thread polls all the time, so that the group knows the member is there, and
 * hands one record after the other to a working thread; while that is busy the partitions are paused. A partition that is
 * taken away stops its work. The work itself commits what it has consumed.
 *
 * @param <V> type of the records' values
 */
public final class WorkLoop<V> implements Runnable, ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(WorkLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LOOK_AGAIN_MILLIS = 1000;
    private static final Duration STOP = Duration.ofSeconds(30);

    private final String name;
    private final Consumer<byte[], byte[]> consumer;
    private final RecordReader<V> reader;
    private final Work<V> work;
    private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private final ExecutorService worker;
    private @Nullable Active active;
    private volatile boolean running = true;
    private volatile Health health = Health.waiting("joining the group");

    /**
     * A loop to be run by a thread of its own; it closes the consumer.
     *
     * @param name of the working thread, and for the log
     */
    public WorkLoop(String name, Consumer<byte[], byte[]> consumer, RecordReader<V> reader, Work<V> work) {
        this.name = name;
        this.consumer = consumer;
        this.reader = reader;
        this.work = work;
        this.worker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Whether records are being worked on. */
    public Health health() {
        return health;
    }

    /** Ends the loop; the current work is stopped first. */
    public void stop() {
        running = false;
        consumer.wakeup();
    }

    @Override
    public void run() {
        try {
            consumer.subscribe(List.of(reader.topic().name()), this);
            while (running) {
                turn();
            }
            health = Health.waiting("stopped");
        } catch (WakeupException e) {
            health = Health.waiting("stopped");
        } catch (RuntimeException e) {
            LOG.error("{} has failed", name, e);
            health = Health.dead(String.valueOf(e.getMessage()));
        } finally {
            stopActive();
            worker.shutdownNow();
            consumer.close();
        }
    }

    private void turn() {
        consumer.poll(POLL).forEach(waiting::add);
        finishActive();
        ConsumerRecord<byte[], byte[]> next = active == null ? waiting.poll() : null;
        if (next != null) {
            active = begin(next);
        }
        if (active == null) {
            consumer.resume(consumer.assignment());
        } else {
            consumer.pause(consumer.assignment());
        }
    }

    private Active begin(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = partition(record);
        Consumed consumed = new Consumed(partition, record.offset(), consumer.groupMetadata());
        Cancellation cancellation = new Cancellation();
        Future<?> running = worker.submit(() -> decode(record, cancellation)
                .ifPresent(value -> work.on(value, consumed, cancellation, why -> health = Health.waiting(why))));
        return new Active(partition, running, cancellation);
    }

    /** The record's value, or nothing if it is passed over; waits while the schema registry is away. */
    private Optional<V> decode(ConsumerRecord<byte[], byte[]> record, Cancellation cancellation) {
        while (true) {
            try {
                return reader.read(record).map(ConsumerRecord::value);
            } catch (RetriableException e) {
                health = Health.waiting(String.valueOf(e.getMessage()));
                cancellation.pause(LOOK_AGAIN_MILLIS);
            }
        }
    }

    private void finishActive() {
        if (active == null || !active.work().isDone()) {
            return;
        }
        try {
            active.work().get();
            health = assigned();
        } catch (ExecutionException e) {
            rethrowUnlessStopped(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
        active = null;
    }

    private void rethrowUnlessStopped(Throwable failure) {
        if (failure instanceof StoppedException stopped) {
            LOG.info("{}: {}", name, stopped.getMessage());
        } else if (failure instanceof KafkaException kafka) {
            throw kafka;
        } else {
            throw new TessellateException(ErrorCode.DEFECT, name + " failed: " + failure, failure);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        health = assigned();
    }

    private Health assigned() {
        return Health.up(consumer.assignment().size() + " partitions");
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        waiting.removeIf(record -> partitions.contains(partition(record)));
        if (active != null && partitions.contains(active.partition())) {
            stopActive();
        }
    }

    private void stopActive() {
        Active stopping = active;
        active = null;
        if (stopping == null) {
            return;
        }
        stopping.cancellation().cancel();
        try {
            stopping.work().get(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            LOG.info("{} stopped: {}", name, String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            LOG.warn("{} did not stop within {}", name, STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    private record Active(TopicPartition partition, Future<?> work, Cancellation cancellation) {}

    /**
     * What is done with a record.
     *
     * @param <V> type of its value
     */
    @FunctionalInterface
    public interface Work<V> {
        /**
         * Works on a record, on the working thread, and commits it. A KafkaException ends the loop, a stop leaves the
         * record to whoever reads it next, anything else is a defect and ends the loop too.
         *
         * @param waiting told in words when the work has to wait for something that is away
         */
        void on(V value, Consumed consumed, Cancellation cancellation, java.util.function.Consumer<String> waiting);
    }
}
