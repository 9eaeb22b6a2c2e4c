package io.tessellate.evaluator.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.lifecycle.Service;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what lies in {@code dead-letters}; the values themselves are bytes of any kind and are not looked at. */
public final class DeadLetterTail implements Service {
    /** Header with the code of the error table. */
    static final String CODE = "tessellate.code";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTail.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaClients clients;
    private final DeadLetterBook book;
    private final Thread thread = new Thread(this::run, "tail-dead-letters");
    private @Nullable Consumer<byte[], byte[]> consumer;
    private volatile boolean closed;
    private volatile Health health = Health.waiting("not started");

    /** A tail that has not begun and will feed the book. */
    public DeadLetterTail(KafkaClients clients, DeadLetterBook book) {
        this.clients = clients;
        this.book = book;
        thread.setDaemon(true);
    }

    @Override
    public String name() {
        return "tail of dead letters";
    }

    @Override
    public synchronized void start() {
        if (consumer == null) {
            consumer = clients.rawConsumer("tail-dead-letters");
            thread.start();
        }
    }

    private synchronized Consumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            throw new IllegalStateException("not started");
        }
        return consumer;
    }

    private void run() {
        try (Consumer<byte[], byte[]> reading = consumer()) {
            while (!closed) {
                turn(reading);
            }
        } catch (WakeupException e) {
            LOG.debug("{} ends", name());
        } catch (KafkaException e) {
            LOG.error("Dead letters are no longer counted", e);
            health = Health.dead(String.valueOf(e.getMessage()));
        }
    }

    private void turn(Consumer<byte[], byte[]> reading) {
        try {
            if (reading.assignment().isEmpty()) {
                assign(reading);
            }
            reading.poll(POLL).forEach(this::count);
            health = Health.up("following");
        } catch (RetriableException e) {
            health = Health.waiting(String.valueOf(e.getMessage()));
        }
    }

    private void assign(Consumer<byte[], byte[]> reading) {
        List<TopicPartition> partitions = reading
                .partitionsFor(clients.topics().deadLetters().name())
                .stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        reading.assign(partitions);
        reading.seekToBeginning(partitions);
    }

    private void count(ConsumerRecord<byte[], byte[]> letter) {
        Header code = letter.headers().lastHeader(CODE);
        try {
            TaskId task = TaskId.parse(letter.key() == null ? "" : new String(letter.key(), UTF_8));
            book.count(task, code == null ? "UNKNOWN" : new String(code.value(), UTF_8));
        } catch (TessellateException e) {
            LOG.warn("A dead letter at offset {} names no task: {}", letter.offset(), e.getMessage());
        }
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (consumer == null) {
                return;
            }
            closed = true;
            consumer.wakeup();
        }
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
