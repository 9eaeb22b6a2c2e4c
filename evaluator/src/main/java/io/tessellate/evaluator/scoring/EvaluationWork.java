package io.tessellate.evaluator.scoring;

import io.tessellate.event.EvaluateTask;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.kafka.work.Consumed;
import io.tessellate.runtime.kafka.work.Waiting;
import io.tessellate.runtime.kafka.work.WorkLoop;
import io.tessellate.runtime.log.LogContext;

/** What is done with a job: its task is scored in both views, and the scores are published with the job's offset. */
final class EvaluationWork implements WorkLoop.Work<EvaluateTask> {
    private final EvaluationResources resources;

    EvaluationWork(EvaluationResources resources) {
        this.resources = resources;
    }

    /** Every job, but for one that names none, which is refused. */
    @Override
    public boolean concerns(EvaluateTask event) {
        return EvaluationJob.of(event).version() > 0;
    }

    @Override
    public void on(EvaluateTask event, Consumed consumed, Cancellation cancellation, Waiting waiting) {
        EvaluationJob job = EvaluationJob.of(event);
        try (LogContext context = LogContext.of("model", job.task().model())
                .and("task", job.task().task())
                .and("version", job.version())) {
            new TaskEvaluation(resources, job, consumed, cancellation).execute(waiting);
        }
    }

    @Override
    public void close() {
        resources.log().close();
    }
}
