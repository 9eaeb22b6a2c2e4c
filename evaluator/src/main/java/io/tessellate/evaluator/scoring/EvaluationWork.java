package io.tessellate.evaluator.scoring;

import io.tessellate.event.AdapterCommitted;
import io.tessellate.event.RegistryEvent;
import io.tessellate.id.ModelName;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.kafka.work.Consumed;
import io.tessellate.runtime.kafka.work.Waiting;
import io.tessellate.runtime.kafka.work.WorkLoop;
import io.tessellate.runtime.log.LogContext;

/**
 * What is done with an event of the registry: a committed version is scored, everything else is passed over. What is
 * passed over is not committed; the next version's offset covers it.
 */
final class EvaluationWork implements WorkLoop.Work<RegistryEvent> {
    private final EvaluationResources resources;

    EvaluationWork(EvaluationResources resources) {
        this.resources = resources;
    }

    @Override
    public boolean concerns(RegistryEvent event) {
        return event.getAdapterCommitted() != null;
    }

    @Override
    public void on(RegistryEvent event, Consumed consumed, Cancellation cancellation, Waiting waiting) {
        AdapterCommitted committed = event.getAdapterCommitted();
        try (LogContext context = LogContext.of("model", event.getModel())
                .and("task", committed.getTask())
                .and("run", committed.getRunId())) {
            new VersionEvaluation(
                            resources, new ModelName(event.getModel()), committed.getVersion(), consumed, cancellation)
                    .execute(waiting);
        }
    }

    @Override
    public void close() {
        resources.log().close();
    }
}
