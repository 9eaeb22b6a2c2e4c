package io.tessellate.evaluator.scoring;

import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.kafka.SendFailures;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.kafka.work.Consumed;
import io.tessellate.runtime.kafka.work.Waiting;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Retry;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The evaluation of one version, begun again after a growing pause while something it needs is away. Whatever else goes wrong is
 * its result: without its row a version could be neither promoted nor quarantined, and no later version would have one.
 */
final class VersionEvaluation {
    private static final Logger LOG = LoggerFactory.getLogger(VersionEvaluation.class);

    private final EvaluationResources resources;
    private final ModelName model;
    private final int version;
    private final Consumed consumed;
    private final Cancellation cancellation;

    VersionEvaluation(
            EvaluationResources resources, ModelName model, int version, Consumed consumed, Cancellation cancellation) {
        this.resources = resources;
        this.model = model;
        this.version = version;
        this.consumed = consumed;
        this.cancellation = cancellation;
    }

    /** Scores and publishes; tells {@code waiting} why whenever it has to begin again. */
    void execute(Waiting waiting) {
        new Retry(
                        Backoff.endless(),
                        cancellation,
                        failure -> waiting.waitsFor(
                                failure.code(),
                                "version %d of %s waits: %s".formatted(version, model, failure.getMessage())))
                .run(this::once);
    }

    private void once() {
        cancellation.check();
        ModelLine line = resources.versions().apply(model, version);
        List<Evaluation> all = resources.turns().take(cancellation, () -> score(line));
        try {
            resources.log().publish(all, consumed);
        } catch (KafkaException e) {
            throw SendFailures.of(e);
        }
        long gaps = all.stream()
                .filter(each -> each.result().gap(each.task()).isPresent())
                .count();
        LOG.info("version {} of {} is scored, {} of {} cells without a score", version, model, gaps, all.size());
    }

    private List<Evaluation> score(ModelLine line) {
        try {
            return resources.scoring().score(line, version, cancellation);
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.error("version {} of {} cannot be scored", version, model, e);
            return resources.scoring().notMeasured(line, version, EncoderScoring.notMeasured(e));
        }
    }
}
