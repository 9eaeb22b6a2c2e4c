package io.tessellate.ingest.arrival;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskNoted;
import io.tessellate.event.TaskOpened;
import io.tessellate.id.TaskId;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the decisions of the topology leave it. */
public final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final ProcessorContext<String, Output> context;

    public Outbox(ProcessorContext<String, Output> context) {
        this.context = context;
    }

    public long now() {
        return context.currentSystemTimeMs();
    }

    /** Says something about a task; the consumer sets what. */
    public void say(TaskId task, Consumer<TaskEvent.Builder> variant) {
        long now = now();
        TaskEvent.Builder event = TaskEvent.newBuilder()
                .setModel(task.model().value())
                .setTask(task.task().value())
                .setAt(Instant.ofEpochMilli(now));
        variant.accept(event);
        context.forward(new Record<>(task.model().value(), new Output.Event(event.build()), now));
    }

    /** Says something that a person should know about a task. */
    public void note(TaskId task, ErrorCode code, String message) {
        LOG.warn("{}: {}: {}", task, code, message);
        say(task, event -> event.setNoted(new TaskNoted(code.name(), message)));
    }

    /** Says that an attempt at a task begins. */
    public void opened(TaskId task, String topic) {
        LOG.info("{} opened", task);
        say(task, event -> event.setOpened(new TaskOpened(topic)));
    }

    /** Puts a record aside, at the time it is done; the record's own stands in a header. */
    public void putAside(String task, Arrival arrival, ErrorCode code, String reason) {
        DeadLetter letter = DeadLetter.of(task, arrival, code, reason);
        context.forward(new Record<>(task, new Output.Letter(letter.value()), now(), letter.headers()));
    }
}
