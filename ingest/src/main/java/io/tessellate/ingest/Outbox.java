package io.tessellate.ingest;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.TaskEvent;
import io.tessellate.id.TaskId;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Where the decisions of the topology leave it. */
final class Outbox {
    private final ProcessorContext<String, Output> context;

    Outbox(ProcessorContext<String, Output> context) {
        this.context = context;
    }

    long now() {
        return context.currentSystemTimeMs();
    }

    /** Says something about a task; the consumer sets what. */
    void say(TaskId task, Consumer<TaskEvent.Builder> variant) {
        long now = now();
        TaskEvent.Builder event = TaskEvent.newBuilder()
                .setModel(task.model().value())
                .setTask(task.task().value())
                .setAt(Instant.ofEpochMilli(now));
        variant.accept(event);
        context.forward(new Record<>(task.model().value(), new Output.Event(event.build()), now));
    }

    /** Puts a record aside, at the time it is done; the record's own stands in a header. */
    void putAside(String task, Arrival arrival, ErrorCode code, String reason) {
        DeadLetter letter = DeadLetter.of(task, arrival, code, reason);
        context.forward(new Record<>(task, new Output.Letter(letter.value()), now(), letter.headers()));
    }
}
