package io.tessellate.evaluator.view;

import io.tessellate.id.TaskId;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.topic.DeadLetterHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Counts what lies in {@code dead-letters}; the values themselves are bytes of any kind, or none, and are not looked at. */
public final class DeadLetterTail implements Service {
    private final LogTail<byte[]> tail;

    /** A tail that has not begun and will feed the book. */
    public DeadLetterTail(KafkaClients clients, DeadLetterBook book) {
        this.tail = new LogTail<>(clients, clients.topics().deadLetters(), letter -> count(letter, book));
    }

    private static void count(ConsumerRecord<String, byte @Nullable []> letter, DeadLetterBook book) {
        TaskId task = TaskId.parse(letter.key() == null ? "" : letter.key());
        book.count(task, DeadLetterHeader.CODE.in(letter.headers()).orElse("UNKNOWN"));
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
