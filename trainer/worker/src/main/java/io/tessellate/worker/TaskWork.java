package io.tessellate.worker;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.ClosedDatasetCodec;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.event.TaskEvent;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.kafka.work.Consumed;
import io.tessellate.runtime.kafka.work.Waiting;
import io.tessellate.runtime.kafka.work.WorkLoop;
import io.tessellate.runtime.log.LogContext;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains what is ready, hands on what may train beside others, and passes over everything else ingest says. What is not parallel
 * waits until every parallel task of its model before it has come to its end.
 */
final class TaskWork implements WorkLoop.Work<TaskEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(TaskWork.class);
    private static final long LOOK = 100;
    private static final int MOST_LOOKS = 100;

    private final RunExecution.Parts parts;
    private final TaskIndex datasets;

    TaskWork(RunExecution.Parts parts, TaskIndex datasets) {
        this.parts = parts;
        this.datasets = datasets;
    }

    @Override
    public boolean concerns(TaskEvent event) {
        return isDue(event);
    }

    /** Whether there is something to train; a dataset of a name that cannot be is refused. */
    static boolean isDue(TaskEvent event) {
        if (event.getReady() == null) {
            return false;
        }
        TaskId task = TaskId.of(event.getModel(), event.getTask());
        RunId run = new RunId(event.getReady().getRunId());
        LOG.debug("run {} of {} is due", run, task);
        return true;
    }

    @Override
    public void on(TaskEvent event, Consumed consumed, Cancellation cancellation, Waiting waiting) {
        ClosedDataset dataset = ClosedDatasetCodec.fromAvro(event).orElseThrow();
        try (LogContext context = LogContext.of("model", event.getModel())
                .and("task", event.getTask())
                .and("run", dataset.run().value())) {
            new RetriedRun(() -> attempt(event, dataset, consumed, cancellation, waiting), cancellation)
                    .execute(waiting);
        }
    }

    private RetriedRun.Attempt attempt(
            TaskEvent event, ClosedDataset dataset, Consumed consumed, Cancellation cancellation, Waiting waiting) {
        Predecessors queue = queue(dataset, cancellation);
        if (TaskIndex.isParallel(dataset)) {
            return new ParallelHandover(parts, queue, event, dataset, consumed, cancellation);
        }
        for (TaskIndex.Closed closed : queue.before()) {
            if (closed.parallel()) {
                awaitEnd(closed, cancellation, waiting);
            }
        }
        return new RunExecution(parts, dataset, consumed, cancellation, waiting);
    }

    /** The index reads the same log by itself and may be a moment behind. */
    private Predecessors queue(ClosedDataset dataset, Cancellation cancellation) {
        TaskId task = dataset.task();
        RunId run = dataset.run();
        for (int looks = 0; looks < MOST_LOOKS; looks++) {
            Optional<List<TaskIndex.Closed>> before = datasets.before(task.model(), run);
            if (before.isPresent()) {
                return new Predecessors(before.get());
            }
            cancellation.pause(LOOK);
        }
        throw new RetriableException(
                ErrorCode.NOT_READY, "the log of tasks is not read to run %s of %s yet".formatted(run, task));
    }

    private void awaitEnd(TaskIndex.Closed closed, Cancellation cancellation, Waiting waiting) {
        if (!parts.registry().ended(closed.task(), closed.run())) {
            LOG.info("waits for the parallel task {}", closed.task());
            waiting.waitsFor(ErrorCode.STALE_PARENT, "a task waits for the parallel task " + closed.task());
            while (!parts.registry().ended(closed.task(), closed.run())) {
                cancellation.pause(LOOK);
            }
            waiting.goesOn();
        }
    }

    @Override
    public void close() {
        parts.log().close();
    }
}
