package io.tessellate.runtime.kafka;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Retry;
import io.tessellate.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one whole topic from its beginning and then follows it, in a thread of its own, without a group: the way to
 * keep a fold of a log in memory. Only committed records are seen. Records of one partition, hence of one key, come in
 * order; tombstones are among them where the topic may have some. A record that cannot be decoded, or that the fold refuses,
 * is logged, counted and passed over: one bad record keeps nobody from reading on.
 *
 * @param <V> value type of the topic
 */
public final class LogTail<V> implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
    private static final Duration POLL = Duration.ofMillis(50);

    /** While somebody waits for a point of the log. */
    private static final Duration SHORT_POLL = Duration.ofMillis(5);

    /** There is nothing to commit and no group to leave, and taking leave would wait behind a fetch. */
    private static final CloseOptions AT_ONCE = CloseOptions.timeout(Duration.ZERO);

    private static final long CLOSE_MILLIS = 5000;
    private static final Backoff AGAIN = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), Integer.MAX_VALUE);
    private static final Backoff LOOK_AGAIN = Backoff.steady(Duration.ofSeconds(1), Integer.MAX_VALUE);

    private final Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers;
    private final RecordReader<V> reader;
    private final Topic<V> topic;
    private final Consumer<ConsumerRecord<String, V>> handler;
    private final Thread thread;
    private final AtomicBoolean running = new AtomicBoolean();
    private final TailProgress progress;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile org.apache.kafka.clients.consumer.@Nullable Consumer<byte[], byte[]> following;
    private volatile Health health = Health.waiting("not started");
    private volatile @Nullable TessellateException failure;

    /** A tail that has not begun; the handler is called in the tail's thread only. */
    public LogTail(KafkaClients clients, Topic<V> topic, Consumer<ConsumerRecord<String, V>> handler) {
        this(
                () -> clients.followingConsumer("tail-" + topic.name()),
                clients.reader(topic),
                handler,
                consumer -> clients.ends().of(consumer.assignment()));
    }

    /**
     * The same with a reader of the caller's making.
     *
     * @param consumers asked for a new one whenever the following begins, which the tail closes
     */
    public LogTail(
            Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers,
            RecordReader<V> reader,
            Consumer<ConsumerRecord<String, V>> handler) {
        this(consumers, reader, handler, CatchUp::byItself);
    }

    private LogTail(
            Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers,
            RecordReader<V> reader,
            Consumer<ConsumerRecord<String, V>> handler,
            CatchUp.Question ends) {
        this.consumers = consumers;
        this.reader = reader;
        this.topic = reader.topic();
        this.handler = handler;
        this.progress = new TailProgress(ends);
        this.thread = new Thread(this::run, "tail-" + topic.name());
        this.thread.setDaemon(true);
    }

    @Override
    public String name() {
        return "tail of " + topic.name();
    }

    @Override
    public void start() {
        if (running.compareAndSet(false, true)) {
            thread.start();
        }
    }

    @Override
    public Health health() {
        return health;
    }

    /**
     * Waits until everything that was committed to the topic when this was called has been handled.
     *
     * @throws TessellateException a retriable TIMEOUT if that takes too long, NOT_AUTHENTICATED if we are refused
     */
    public void awaitCaughtUp(Duration timeout) {
        if (!await(mark(), timeout)) {
            throw new RetriableException(
                    ErrorCode.TIMEOUT, "%s did not catch up within %s: %s".formatted(name(), timeout, health.detail()));
        }
    }

    /** Marks where the topic ends now: comes to hold once everything before it has been handled. */
    public BooleanSupplier mark() {
        return progress.mark()::reached;
    }

    /**
     * Waits until a condition on what the handler keeps holds; it is looked at after every handled record.
     *
     * @return whether it came to hold in time
     */
    public boolean await(BooleanSupplier condition, Duration timeout) {
        try {
            return progress.await(condition, timeout, this::requireLive);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException("waiting for " + name() + " was interrupted", e);
        }
    }

    @Override
    public void close() {
        if (running.compareAndSet(true, false)) {
            stopped.countDown();
            var current = following;
            if (current != null) {
                current.wakeup();
            }
            try {
                thread.join(CLOSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        health = Health.waiting("closed");
    }

    /** Whoever waits for a tail that is refused, or meets a defect, is told at once; the tail itself goes on trying. */
    private void requireLive() {
        TessellateException known = failure;
        if (known != null) {
            throw new RetriableException(
                    known.code(), "%s has failed: %s".formatted(name(), known.getMessage()), known);
        }
    }

    /**
     * Whatever ends the following but a close, it begins again where it was: nobody else would begin it. An error of the
     * machine ends it for good, and those who wait are told.
     */
    private void run() {
        try {
            new Retry(AGAIN, this::pause).run(this::followOrSay);
        } catch (WakeupException e) {
            LOG.debug("{} ends", name());
        } catch (Error e) {
            say(new TessellateException(ErrorCode.DEFECT, "%s was ended by %s".formatted(name(), e), e), e);
        }
    }

    private void followOrSay() {
        try {
            follow();
        } catch (WakeupException e) {
            throw e;
        } catch (RuntimeException e) {
            TessellateException said = e instanceof TessellateException known
                    ? known
                    : KafkaFailures.of(topic.name() + " cannot be read", e);
            if (running.get()) {
                say(said, e);
            }
            throw new RetriableException(said.code(), String.valueOf(said.getMessage()), e);
        }
    }

    /** A broker that is away comes back; what refuses us, or is a defect, is said to those who wait, too. */
    private void say(TessellateException said, Throwable cause) {
        if (said.code() == ErrorCode.UNAVAILABLE_DEPENDENCY) {
            health = Health.waiting(String.valueOf(said.getMessage()));
            return;
        }
        LOG.error("{} has failed", name(), cause);
        failure = said;
        health = Health.dead(String.valueOf(said.getMessage()));
        progress.signal();
    }

    private void follow() {
        var consumer = consumers.get();
        try {
            following = consumer;
            CatchUp start = progress.mark();
            assign(consumer);
            health = Health.waiting("reading from the beginning");
            while (running.get()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(progress.isAwaited() ? SHORT_POLL : POLL)) {
                    handle(record);
                }
                progress.advance(consumer);
                if (start.reached()) {
                    failure = null;
                    health = following();
                }
            }
        } finally {
            consumer.close(AT_ONCE);
        }
    }

    private Health following() {
        return Health.up(PassedOver.beside("following", reader.passedOver()));
    }

    private void assign(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new UnknownTopicOrPartitionException(topic.name() + " does not exist");
        }
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            Long handled = next.get(partition);
            if (handled == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, handled);
            }
        }
    }

    private void handle(ConsumerRecord<byte[], byte[]> raw) {
        decode(raw).ifPresent(this::accept);
        next.put(new TopicPartition(raw.topic(), raw.partition()), raw.offset() + 1);
        progress.signal();
    }

    /** A fold that refuses a record has said what is wrong with it; the records behind it are not to blame. */
    private void accept(ConsumerRecord<String, V> record) {
        try {
            handler.accept(record);
        } catch (RetriableException | KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.debug("{} refuses offset {} of partition {}", name(), record.offset(), record.partition(), e);
            reader.passOver(record, e);
        }
    }

    /** The record, or nothing if it is passed over; waits while the schema registry is away. */
    private Optional<ConsumerRecord<String, V>> decode(ConsumerRecord<byte[], byte[]> raw) {
        return new Retry(LOOK_AGAIN, this::pause, away -> health = Health.waiting(String.valueOf(away.getMessage())))
                .call(() -> reader.read(raw));
    }

    /** Waits, unless the tail is being closed. */
    private void pause(Duration length) {
        try {
            if (stopped.await(length.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new WakeupException();
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
