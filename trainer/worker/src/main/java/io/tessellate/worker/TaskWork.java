package io.tessellate.worker;

import io.tessellate.event.TaskEvent;
import io.tessellate.runtime.kafka.Cancellation;
import io.tessellate.runtime.kafka.Consumed;
import io.tessellate.runtime.kafka.WorkLoop;
import io.tessellate.runtime.log.LogContext;
import java.util.function.Consumer;

/** Trains what is ready and passes over everything else ingest says. */
final class TaskWork implements WorkLoop.Work<TaskEvent> {
    private final RunExecution.Parts parts;

    TaskWork(RunExecution.Parts parts) {
        this.parts = parts;
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
            new RetriedRun(parts, event, consumed, cancellation).execute(waiting);
        }
    }
}
