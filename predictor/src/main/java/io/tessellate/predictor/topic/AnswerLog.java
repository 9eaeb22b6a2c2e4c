package io.tessellate.predictor.topic;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StoppedException;
import io.tessellate.event.PredictionMade;
import io.tessellate.predictor.asking.AskedView;
import io.tessellate.predictor.asking.Prediction;
import io.tessellate.predictor.asking.Reply;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.topic.CloudEvents;
import io.tessellate.topic.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what was answered by HTTP or by command to {@code tessellate.predictions}, as what was asked on topics is, so that labels that
 * come back under the same ids are held against it. Whoever asked does not wait for that: answers go into a queue, from which one
 * thread sends them. An answer without an id is not written, for no label can come back to it. What is not written is counted by why,
 * and said in the log; an answer that was given while no broker was there for long is lost to live scores, not to whoever asked.
 */
public final class AnswerLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerLog.class);
    private static final CloudEvents EVENTS = new CloudEvents("tessellate/predictor");
    private static final Duration SAY_EVERY = Duration.ofSeconds(30);
    private static final String NO_ID = "NO_ID";
    private static final String WELL = "answers are written down";
    private static final Backoff AGAIN = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), Integer.MAX_VALUE);

    /** Answers that wait for the broker at most; one more is not written. */
    static final int CAPACITY = 10_000;

    private final Topic<PredictionMade> topic;
    private final Supplier<Producer<String, SpecificRecord>> producers;
    private final MeterRegistry meters;
    private final Clock clock;
    private final BlockingQueue<Waiting> queue;
    private final Thread thread = new Thread(this::run, "answers-to-live-scores");
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong said = new AtomicLong(Long.MIN_VALUE);
    private final Cancellation closing = new Cancellation();
    private volatile boolean running = true;
    private volatile Health health = Health.up(WELL);

    /** A log with a producer of its own. */
    public AnswerLog(KafkaClients clients, MeterRegistry meters, Clock clock) {
        this(
                clients.topics().predictions(),
                () -> clients.producer("answers-" + clients.settings().instanceId()),
                meters,
                clock,
                CAPACITY);
    }

    /** @param producers makes the producer, which the log closes */
    AnswerLog(
            Topic<PredictionMade> topic,
            Supplier<Producer<String, SpecificRecord>> producers,
            MeterRegistry meters,
            Clock clock,
            int capacity) {
        this.topic = topic;
        this.producers = producers;
        this.meters = meters;
        this.clock = clock;
        this.queue = new ArrayBlockingQueue<>(capacity);
        Gauge.builder("tessellate.predictions.unwritten", queue, BlockingQueue::size)
                .description("Answers given that wait to be written down for live scores")
                .register(meters);
    }

    private record Waiting(PredictionMade event, CompletableFuture<Void> written) {}

    /** Begins to send. */
    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether answers are written as soon as there is a broker. */
    public Health health() {
        return health;
    }

    /**
     * What becomes of the answers of one request.
     *
     * @param withoutId answers that no label can come back to
     * @param each of the others: fails where it is not written
     */
    public record Writing(int withoutId, List<CompletableFuture<Void>> each) {
        /** Waits until all are written or not, at most so long; what is not written in time may still be. */
        public Written await(Duration patience) {
            long end = System.nanoTime() + patience.toNanos();
            int written = 0;
            String why = null;
            for (CompletableFuture<Void> one : each) {
                try {
                    one.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                    written++;
                } catch (TimeoutException e) {
                    why = "the broker has not answered within %s".formatted(patience);
                } catch (ExecutionException e) {
                    why = String.valueOf(
                            e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new StoppedException("interrupted while answers were written down", e);
                }
            }
            return new Written(written, withoutId, each.size() - written, why);
        }
    }

    /**
     * What has become of them.
     *
     * @param written that labels can come back to
     * @param withoutId not written
     * @param lost not written, or not known to be
     * @param why of the last that is lost
     */
    public record Written(
            int written, int withoutId, int lost, @Nullable String why) {}

    /** Takes the answers of one request; never waits. */
    public Writing write(AskedView view, List<Prediction> predictions) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        List<CompletableFuture<Void>> each = new ArrayList<>();
        int withoutId = 0;
        for (Prediction prediction : predictions) {
            if (!(prediction.reply() instanceof Reply.Answered answered)) {
                continue;
            }
            String id = prediction.id();
            if (id == null) {
                withoutId++;
                continue;
            }
            PredictionMade event = PredictionEvents.of(
                    view, id, answered.answer(), PredictionEvents.Source.ASKED, prediction.millis(), now);
            each.add(taken(new Waiting(event, new CompletableFuture<>())));
        }
        unwritten(NO_ID, withoutId);
        return new Writing(withoutId, each);
    }

    private CompletableFuture<Void> taken(Waiting waiting) {
        if (!queue.offer(waiting)) {
            failed(waiting, ErrorCode.QUEUE_FULL, "%d answers wait to be written already".formatted(queue.size()));
        } else if (!running) {
            giveUp();
        }
        return waiting.written();
    }

    /** Begins again with another producer, after growing pauses: answers are given meanwhile, and what finds no room is counted. */
    private void run() {
        try {
            for (int failures = 1; running; failures++) {
                try {
                    sendAll();
                } catch (InterruptException | StoppedException e) {
                    throw e;
                } catch (RuntimeException e) {
                    Duration pause = AGAIN.after(failures);
                    LOG.error("answers given by HTTP are not written just now; begins again in {}", pause, e);
                    health = Health.up("answers are not written down just now, begins again after: " + e.getMessage());
                    closing.pause(pause);
                }
            }
        } catch (InterruptedException | InterruptException | StoppedException e) {
            LOG.debug("answers are not written any more");
        } catch (Error e) {
            LOG.error("answers given by HTTP are not written any more", e);
            health = Health.dead("answers are not written down, ended by " + e);
        } finally {
            running = false;
            giveUp();
        }
    }

    private void sendAll() throws InterruptedException {
        try (Producer<String, SpecificRecord> producer = producers.get()) {
            health = Health.up(WELL);
            while (running || !queue.isEmpty()) {
                Waiting next = queue.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    send(producer, next);
                }
            }
        }
    }

    private void giveUp() {
        for (Waiting left = queue.poll(); left != null; left = queue.poll()) {
            failed(left, ErrorCode.INTERRUPTED, "answers are not written down any more");
        }
    }

    private void send(Producer<String, SpecificRecord> producer, Waiting next) {
        PredictionMade event = next.event();
        String key = event.getModel() + "/" + event.getTask();
        var record = new ProducerRecord<String, SpecificRecord>(topic.name(), key, event);
        EVENTS.stamp(record.headers(), event, key, event.getAt());
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    meters.counter("tessellate.predictions.written").increment();
                    next.written().complete(null);
                } else {
                    failed(next, ErrorCode.UNAVAILABLE_DEPENDENCY, String.valueOf(failure.getMessage()));
                }
            });
        } catch (InterruptException e) {
            failed(next, ErrorCode.INTERRUPTED, "answers are not written down any more");
            throw e;
        } catch (KafkaException e) {
            failed(next, ErrorCode.UNAVAILABLE_DEPENDENCY, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            failed(next, ErrorCode.DEFECT, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private void failed(Waiting waiting, ErrorCode code, String why) {
        unwritten(code.name(), 1);
        long all = lost.incrementAndGet();
        long before = said.get();
        long now = System.nanoTime();
        if ((before == Long.MIN_VALUE || now - before > SAY_EVERY.toNanos()) && said.compareAndSet(before, now)) {
            LOG.warn("answers are given but not written to {} for live scores, {} so far: {}", topic.name(), all, why);
        }
        waiting.written().completeExceptionally(new IllegalStateException(why));
    }

    private void unwritten(String reason, int answers) {
        if (answers > 0) {
            meters.counter("tessellate.predictions.not.written", "reason", reason)
                    .increment(answers);
        }
    }

    /** Sends what waits, for some seconds; the rest is counted as not written. */
    @Override
    public void close() {
        running = false;
        closing.cancel();
        health = health.live() ? Health.waiting("closed") : health;
        try {
            thread.join(5000);
            thread.interrupt();
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
