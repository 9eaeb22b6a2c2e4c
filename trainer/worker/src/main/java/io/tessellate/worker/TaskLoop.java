package io.tessellate.worker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.log.LogContext;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
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
 * The consumer's thread. It polls all the time, so that the group knows the worker is there, and hands one record after
 * the other to the training thread; while that is busy the partitions are paused. A partition that is taken away stops
 * its run, which goes on from its checkpoint wherever the partition went.
 */
final class TaskLoop implements Runnable, ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(TaskLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Consumer<String, TaskEvent> consumer;
    private final String topic;
    private final RunExecution.Parts parts;
    private final TaskQueue queue = new TaskQueue();
    private final ExecutorService trainer = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "training");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable Active active;
    private volatile boolean running = true;
    private volatile Health health = Health.waiting("joining the group");

    TaskLoop(Consumer<String, TaskEvent> consumer, String topic, RunExecution.Parts parts) {
        this.consumer = consumer;
        this.topic = topic;
        this.parts = parts;
    }

    Health health() {
        return health;
    }

    void stop() {
        running = false;
        consumer.wakeup();
    }

    @Override
    public void run() {
        try {
            consumer.subscribe(List.of(topic), this);
            while (running) {
                turn();
            }
            health = Health.waiting("stopped");
        } catch (WakeupException e) {
            health = Health.waiting("stopped");
        } catch (RuntimeException e) {
            LOG.error("the training worker has failed", e);
            health = Health.dead(String.valueOf(e.getMessage()));
        } finally {
            stopActive();
            trainer.shutdownNow();
            consumer.close();
        }
    }

    private void turn() {
        consumer.poll(POLL).forEach(queue::add);
        finishActive();
        if (active == null) {
            ConsumerRecord<String, TaskEvent> next = queue.next();
            active = next == null ? null : begin(next);
        }
        if (active == null) {
            consumer.resume(consumer.assignment());
        } else {
            consumer.pause(consumer.assignment());
        }
    }

    private Active begin(ConsumerRecord<String, TaskEvent> record) {
        Cancellation cancellation = new Cancellation();
        var consumed = new TrainingLog.Consumed(TaskQueue.partition(record), record.offset(), consumer.groupMetadata());
        Future<?> work = trainer.submit(() -> work(record.value(), consumed, cancellation));
        return new Active(TaskQueue.partition(record), work, cancellation);
    }

    /** Runs on the training thread, the top of it: whatever happens to a run, the worker lives on or says that it does not. */
    private void work(TaskEvent event, TrainingLog.Consumed consumed, Cancellation cancellation) {
        if (event.getReady() == null) {
            parts.log().skip(consumed);
            return;
        }
        try (LogContext context = LogContext.of("model", event.getModel())
                .and("task", event.getTask())
                .and("run", event.getReady().getRunId())) {
            new RetriedRun(parts, event, consumed, cancellation).execute();
        }
    }

    private void finishActive() {
        if (active == null || !active.work().isDone()) {
            return;
        }
        try {
            active.work().get();
        } catch (ExecutionException e) {
            rethrowUnlessStopped(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
        active = null;
    }

    private static void rethrowUnlessStopped(Throwable failure) {
        if (failure instanceof TessellateException known && known.code() == ErrorCode.INTERRUPTED) {
            LOG.info("{}", known.getMessage());
        } else if (failure instanceof KafkaException kafka) {
            throw kafka;
        } else {
            throw new TessellateException(ErrorCode.DEFECT, "the training thread failed: " + failure, failure);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        health = Health.up("%d partitions".formatted(consumer.assignment().size()));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        queue.drop(partitions);
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
            LOG.info("the run stopped: {}", e.getCause().getMessage());
        } catch (TimeoutException e) {
            LOG.warn("the run did not stop within {}", STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Active(TopicPartition partition, Future<?> work, Cancellation cancellation) {}
}
