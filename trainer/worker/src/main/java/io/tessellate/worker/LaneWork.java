package io.tessellate.worker;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.ClosedDatasetCodec;
import io.tessellate.event.TaskEvent;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.kafka.work.Consumed;
import io.tessellate.runtime.kafka.work.Waiting;
import io.tessellate.runtime.kafka.work.WorkLoop;
import io.tessellate.runtime.log.LogContext;

/** Trains the parallel tasks that were handed on, one after the other; other lanes train others meanwhile. */
final class LaneWork implements WorkLoop.Work<TaskEvent> {
    private final RunResources resources;

    LaneWork(RunResources resources) {
        this.resources = resources;
    }

    @Override
    public boolean concerns(TaskEvent event) {
        return TaskWork.isDue(event);
    }

    @Override
    public void on(TaskEvent event, Consumed consumed, Cancellation cancellation, Waiting waiting) {
        ClosedDataset dataset = ClosedDatasetCodec.fromAvro(event).orElseThrow();
        try (LogContext context = LogContext.of("model", event.getModel())
                .and("task", event.getTask())
                .and("run", dataset.run().value())) {
            try (StoppableRun run = new StoppableRun(resources, dataset, consumed, cancellation)) {
                run.work(
                        () -> new RetriedRun(() -> new RunExecution(resources, event, run, waiting), run.cancellation())
                                .execute(waiting));
            }
        }
    }

    @Override
    public void close() {
        resources.log().close();
    }
}
