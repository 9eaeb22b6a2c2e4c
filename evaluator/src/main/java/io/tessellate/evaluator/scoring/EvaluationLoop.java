package io.tessellate.evaluator.scoring;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.AdapterCommitted;
import io.tessellate.event.RegistryEvent;
import io.tessellate.id.ModelName;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.log.LogContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
 * The consumer's thread. It polls all the time, so that the group knows the worker is there, and hands one committed
 * version after the other to the scoring thread; while that is busy the partitions are paused. Other events of the
 * registry are passed over: the next published version's offset covers them.
 */
final class EvaluationLoop implements Runnable, ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluationLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Consumer<String, RegistryEvent> consumer;
    private final String topic;
    private final VersionEvaluation.Parts parts;
    private final Deque<ConsumerRecord<String, RegistryEvent>> waiting = new ArrayDeque<>();
    private final ExecutorService scorer = Executors.newSingleThreadExecutor(EvaluationLoop::thread);
    private @Nullable Active active;
    private volatile boolean running = true;
    private volatile Health health = Health.waiting("joining the group");

    private record Active(TopicPartition partition, Future<?> work, Cancellation cancellation) {}

    EvaluationLoop(Consumer<String, RegistryEvent> consumer, String topic, VersionEvaluation.Parts parts) {
        this.consumer = consumer;
        this.topic = topic;
        this.parts = parts;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "scoring");
        thread.setDaemon(true);
        return thread;
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
            LOG.error("the evaluation worker has failed", e);
            health = Health.dead(String.valueOf(e.getMessage()));
        } finally {
            stopActive();
            scorer.shutdownNow();
            consumer.close();
        }
    }

    private void turn() {
        consumer.poll(POLL).forEach(this::queue);
        finishActive();
        ConsumerRecord<String, RegistryEvent> next = active == null ? waiting.poll() : null;
        if (next != null) {
            active = begin(next);
        }
        if (active == null) {
            Set<TopicPartition> paused = new HashSet<>(consumer.paused());
            paused.retainAll(consumer.assignment());
            consumer.resume(paused);
        } else {
            consumer.pause(consumer.assignment());
        }
    }

    private void queue(ConsumerRecord<String, RegistryEvent> record) {
        if (record.value().getAdapterCommitted() != null) {
            waiting.add(record);
        }
    }

    private Active begin(ConsumerRecord<String, RegistryEvent> record) {
        var cancellation = new Cancellation();
        var consumed = new EvaluationLog.Consumed(partition(record), record.offset(), consumer.groupMetadata());
        return new Active(
                partition(record), scorer.submit(() -> work(record.value(), consumed, cancellation)), cancellation);
    }

    private void work(RegistryEvent event, EvaluationLog.Consumed consumed, Cancellation cancellation) {
        AdapterCommitted committed = event.getAdapterCommitted();
        try (LogContext context = LogContext.of("model", event.getModel())
                .and("task", committed.getTask())
                .and("run", committed.getRunId())) {
            var model = new ModelName(event.getModel());
            new VersionEvaluation(parts, model, committed.getVersion(), consumed, cancellation)
                    .execute(why -> health = Health.waiting(why));
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

    private static void rethrowUnlessStopped(Throwable failure) {
        if (failure instanceof TessellateException known && known.code() == ErrorCode.INTERRUPTED) {
            LOG.info("{}", known.getMessage());
        } else if (failure instanceof KafkaException kafka) {
            throw kafka;
        } else {
            throw new TessellateException(ErrorCode.DEFECT, "the scoring thread failed: " + failure, failure);
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
            LOG.info("the evaluation stopped: {}", String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            LOG.warn("the evaluation did not stop within {}", STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
