package io.tessellate.worker;

import io.tessellate.event.TaskEvent;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.runtime.kafka.Cancellation;
import io.tessellate.runtime.kafka.Consumed;
import io.tessellate.runtime.kafka.WorkLoop;
import io.tessellate.runtime.log.LogContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains what is ready, hands on what may train beside others, and passes over everything else ingest says. What is not parallel
 * waits until every parallel task before it has come to its end.
 */
final class TaskWork implements WorkLoop.Work<TaskEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(TaskWork.class);
    private static final long LOOK = 100;

    private final RunExecution.Parts parts;
    private final TaskIndex datasets;

    TaskWork(RunExecution.Parts parts, TaskIndex datasets) {
        this.parts = parts;
        this.datasets = datasets;
    }

    @Override
    public void on(TaskEvent event, Consumed consumed, Cancellation cancellation, Consumer<String> waiting) {
        if (event.getReady() == null) {
            parts.log().skip(consumed);
            return;
        }
        try (LogContext context = LogContext.of("model", event.getModel())
                .and("task", event.getTask())
                .and("run", event.getReady().getRunId())) {
            new RetriedRun(() -> attempt(event, consumed, cancellation), cancellation).execute(waiting);
        }
    }

    private RetriedRun.Attempt attempt(TaskEvent event, Consumed consumed, Cancellation cancellation) {
        Queue queue = queue(event, cancellation);
        if (TaskIndex.isParallel(event.getReady())) {
            return new ParallelHandover(parts, queue, event, consumed, cancellation);
        }
        for (TaskIndex.Closed closed : queue.before()) {
            if (closed.parallel()) {
                awaitEnd(closed, cancellation);
            }
        }
        return new RunExecution(parts, event, consumed, cancellation);
    }

    /** The index reads the same log by itself and may be a moment behind. */
    private Queue queue(TaskEvent event, Cancellation cancellation) {
        TaskId task = TaskId.of(event.getModel(), event.getTask());
        RunId run = new RunId(event.getReady().getRunId());
        Optional<List<TaskIndex.Closed>> before = datasets.before(task.model(), run);
        while (before.isEmpty()) {
            cancellation.pause(LOOK);
            before = datasets.before(task.model(), run);
        }
        return new Queue(before.get());
    }

    private void awaitEnd(TaskIndex.Closed closed, Cancellation cancellation) {
        if (!parts.registry().ended(closed.task(), closed.run())) {
            LOG.info("waits for the parallel task {}", closed.task());
            while (!parts.registry().ended(closed.task(), closed.run())) {
                cancellation.pause(LOOK);
            }
        }
    }
}
