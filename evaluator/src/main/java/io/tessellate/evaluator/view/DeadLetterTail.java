package io.tessellate.evaluator.view;

import io.tessellate.id.TaskId;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.lifecycle.Service;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Counts what lies in {@code dead-letters} and keeps the newest of each kind; values are bytes of any kind, or none. */
public final class DeadLetterTail implements Service {
    private final LogTail<byte[]> tail;

    /** A tail that has not begun and will feed the book. */
    public DeadLetterTail(KafkaClients clients, DeadLetterBook book) {
        this.tail = new LogTail<>(clients, clients.topics().deadLetters(), letter -> count(letter, book));
    }

    private static void count(ConsumerRecord<String, byte @Nullable []> letter, DeadLetterBook book) {
        TaskId task = TaskId.parse(letter.key() == null ? "" : letter.key());
        book.take(task, DeadLetterSample.of(letter.headers(), letter.value()));
    }

    @Override
    public String name() {
        return "tail of dead letters";
    }

    @Override
    public void start() {
        tail.start();
    }

    @Override
    public Health health() {
        return tail.health();
    }

    @Override
    public void close() {
        tail.close();
    }
}
