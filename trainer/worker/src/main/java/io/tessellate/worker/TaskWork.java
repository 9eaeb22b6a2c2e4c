package io.tessellate.worker;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.ClosedDatasetCodec;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.event.TaskEvent;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.registry.client.DatasetIndex;
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
 * waits until every task of its model before it has come to its end: parallel ones, and those that went on to another worker.
 */
final class TaskWork implements WorkLoop.Work<TaskEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(TaskWork.class);
    private static final long LOOK = 100;
    private static final int MOST_LOOKS = 100;

    private final RunResources resources;
    private final DatasetIndex datasets;

    TaskWork(RunResources resources, DatasetIndex datasets) {
        this.resources = resources;
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
            try (StoppableRun run = new StoppableRun(resources, dataset, consumed, cancellation)) {
                run.work(() -> new RetriedRun(() -> attempt(event, run, waiting), run.cancellation()).execute(waiting));
            }
        }
    }

    private RetriedRun.Attempt attempt(TaskEvent event, StoppableRun run, Waiting waiting) {
        ClosedDataset dataset = run.dataset();
        Cancellation cancellation = run.cancellation();
        Predecessors predecessors = predecessors(dataset, cancellation);
        if (Predecessors.isParallel(dataset)) {
            return new ParallelHandover(resources, predecessors, event, run);
        }
        for (ClosedDataset closed : predecessors.before()) {
            if (isAtWork(closed)) {
                awaitEnd(closed, cancellation, waiting);
            }
        }
        return new RunExecution(resources, event, run, waiting);
    }

    /**
     * Whether the lanes have it and are not done with it. Of one that went on to another worker this is known by its reservation alone: if
     * a person takes that away, nothing is left to wait for.
     */
    private boolean isAtWork(ClosedDataset closed) {
        return (Predecessors.isParallel(closed) || isElsewhere(closed))
                && !resources.registry().ended(closed.task(), closed.run());
    }

    /** Whether it went on to another worker: it comes before this one in the queue, and what is reserved for it is so still. */
    private boolean isElsewhere(ClosedDataset closed) {
        return resources
                .registry()
                .model(closed.task().model())
                .reservation(closed.run())
                .isPresent();
    }

    /** The index reads the same log by itself and may be a moment behind. */
    private Predecessors predecessors(ClosedDataset dataset, Cancellation cancellation) {
        TaskId task = dataset.task();
        RunId run = dataset.run();
        for (int looks = 0; looks < MOST_LOOKS; looks++) {
            Optional<List<ClosedDataset>> before = datasets.before(task.model(), run);
            if (before.isPresent()) {
                return new Predecessors(before.get());
            }
            cancellation.pause(LOOK);
        }
        throw new RetriableException(
                ErrorCode.NOT_READY, "the log of tasks is not read to run %s of %s yet".formatted(run, task));
    }

    private void awaitEnd(ClosedDataset closed, Cancellation cancellation, Waiting waiting) {
        LOG.info("waits for {}, which the lanes have", closed.task());
        waiting.waitsFor(ErrorCode.STALE_PARENT, "a task waits for %s, which the lanes have".formatted(closed.task()));
        while (isAtWork(closed)) {
            cancellation.pause(LOOK);
        }
        waiting.goesOn();
    }

    @Override
    public void close() {
        resources.log().close();
    }
}
