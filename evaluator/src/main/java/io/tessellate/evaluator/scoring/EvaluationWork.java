package io.tessellate.evaluator.scoring;

import io.tessellate.id.ModelName;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.kafka.work.Consumed;
import io.tessellate.runtime.kafka.work.Waiting;
import io.tessellate.runtime.kafka.work.WorkLoop;
import io.tessellate.runtime.log.LogContext;
import java.util.OptionalInt;

/**
 * What is done with an event of the registry: a new version is scored, everything else is passed over. What is
 * passed over is not committed; the next version's offset covers it.
 */
final class EvaluationWork implements WorkLoop.Work<io.tessellate.event.RegistryEvent> {
    private final EvaluationResources resources;

    EvaluationWork(EvaluationResources resources) {
        this.resources = resources;
    }

    @Override
    public boolean concerns(io.tessellate.event.RegistryEvent event) {
        return version(RegistryEventCodec.fromAvro(event)).isPresent();
    }

    @Override
    public void on(
            io.tessellate.event.RegistryEvent event, Consumed consumed, Cancellation cancellation, Waiting waiting) {
        LoggedEvent entry = RegistryEventCodec.fromAvro(event);
        version(entry).ifPresent(version -> score(entry.model(), version, consumed, cancellation, waiting));
    }

    private static OptionalInt version(LoggedEvent entry) {
        return entry.event().accept(new NewVersion());
    }

    private void score(ModelName model, int version, Consumed consumed, Cancellation cancellation, Waiting waiting) {
        try (LogContext context = LogContext.of("model", model).and("version", version)) {
            new VersionEvaluation(resources, model, version, consumed, cancellation).execute(waiting);
        }
    }

    @Override
    public void close() {
        resources.log().close();
    }
}
