package io.tessellate.evaluator.scoring;

import io.tessellate.event.RegistryEvent;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.runtime.kafka.SendFailures;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.kafka.work.Consumed;
import io.tessellate.runtime.kafka.work.Waiting;
import io.tessellate.runtime.kafka.work.WorkLoop;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with an event of the registry: each task of a new version becomes a job for whichever evaluator takes it, everything
 * else is passed over. What is passed over is not committed; the next version's offset covers it.
 */
final class EvaluationHandout implements WorkLoop.Work<RegistryEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluationHandout.class);

    private final BiFunction<ModelName, Integer, ModelLine> versions;
    private final EvaluationLog log;

    /**
     * One that hands out.
     *
     * @param versions finds a model once it holds a version
     * @param log is closed with it
     */
    EvaluationHandout(BiFunction<ModelName, Integer, ModelLine> versions, EvaluationLog log) {
        this.versions = versions;
        this.log = log;
    }

    @Override
    public boolean concerns(RegistryEvent event) {
        return version(RegistryEventCodec.fromAvro(event)).isPresent();
    }

    @Override
    public void on(RegistryEvent event, Consumed consumed, Cancellation cancellation, Waiting waiting) {
        LoggedEvent entry = RegistryEventCodec.fromAvro(event);
        version(entry)
                .ifPresent(version -> waiting.patiently(
                        "version %d of %s".formatted(version, entry.model()),
                        cancellation,
                        () -> handOut(entry, version, consumed)));
    }

    private static OptionalInt version(LoggedEvent entry) {
        return entry.event().accept(new NewVersion());
    }

    private void handOut(LoggedEvent entry, int version, Consumed consumed) {
        ModelName model = entry.model();
        ModelLine line = versions.apply(model, version);
        try {
            log.handOut(version, line.holding(version).commits(), entry.at(), consumed);
        } catch (KafkaException e) {
            throw SendFailures.of(e);
        }
        LOG.info(
                "version {} of {} is handed out, {} tasks",
                version,
                model,
                line.holding(version).size());
    }

    @Override
    public void close() {
        log.close();
    }
}
