package io.tessellate.ingest.arrival;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.ClosedDatasetCodec;
import io.tessellate.dataset.log.RecordCounts;
import io.tessellate.error.ErrorCode;
import io.tessellate.event.TaskCounted;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskManifest;
import io.tessellate.event.TaskNoted;
import io.tessellate.event.TaskOpened;
import io.tessellate.event.TaskRejected;
import io.tessellate.id.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
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

    private void say(TaskId task, Consumer<TaskEvent.Builder> variant) {
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

    /**
     * Says that a dataset is closed and sound.
     *
     * @param asWritten its manifest, as its producer wrote it
     */
    public void ready(ClosedDataset closed, TaskManifest asWritten) {
        say(closed.task(), event -> event.setReady(ClosedDatasetCodec.toAvro(closed, asWritten)));
    }

    /** Says how many records of a task were read so far, and how many wait. */
    public void counted(TaskId task, RecordCounts counts, long waiting) {
        say(task, event -> event.setCounted(new TaskCounted(ClosedDatasetCodec.toAvro(counts), waiting)));
    }

    /** Says that a dataset, or a manifest of it, is refused; without counts where this place may know nothing of the task. */
    public void rejected(
            TaskId task, @Nullable RecordCounts counts, List<RejectionReason> reasons, ErrorCode code, String message) {
        TaskRejected rejected = TaskRejected.newBuilder()
                .setCode(code.name())
                .setMessage(message)
                .setCounts(counts == null ? null : ClosedDatasetCodec.toAvro(counts))
                .setReasons(reasons.stream()
                        .map(reason -> new io.tessellate.event.RejectionReason(
                                reason.code(), reason.count(), reason.example()))
                        .toList())
                .build();
        say(task, event -> event.setRejected(rejected));
    }

    /** Puts a record aside, at the time it is done; the record's own stands in a header. */
    public void putAside(String task, Arrival arrival, ErrorCode code, String reason) {
        DeadLetter letter = DeadLetter.of(task, arrival, code, reason);
        context.forward(new Record<>(task, new Output.Letter(letter.value()), now(), letter.headers()));
    }
}
