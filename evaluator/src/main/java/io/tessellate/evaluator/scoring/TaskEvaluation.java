package io.tessellate.evaluator.scoring;

import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.kafka.SendFailures;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.kafka.work.Consumed;
import io.tessellate.runtime.kafka.work.Waiting;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The evaluation of one task at one version, begun again after a growing pause while something it needs is away. Whatever else goes
 * wrong is its result: without its row a version could be neither promoted nor quarantined, and no later version would have one.
 */
final class TaskEvaluation {
    private static final Logger LOG = LoggerFactory.getLogger(TaskEvaluation.class);

    private final EvaluationResources resources;
    private final EvaluationJob job;
    private final Consumed consumed;
    private final Cancellation cancellation;

    TaskEvaluation(EvaluationResources resources, EvaluationJob job, Consumed consumed, Cancellation cancellation) {
        this.resources = resources;
        this.job = job;
        this.consumed = consumed;
        this.cancellation = cancellation;
    }

    /** Scores and publishes; tells {@code waiting} why whenever it has to begin again. */
    void execute(Waiting waiting) {
        waiting.patiently(job.toString(), cancellation, this::once);
    }

    private void once() {
        cancellation.check();
        ModelLine line = resources.versions().apply(job.task().model(), job.version());
        Optional<CommittedVersion> commit =
                line.holding(job.version()).of(job.task().task());
        if (commit.isEmpty()) {
            consumed.passOver(resources.passedOver(), "%s: the version holds no such task".formatted(job));
        }
        List<Evaluation> both = commit.map(held -> resources.turns().take(cancellation, () -> score(line, held)))
                .orElse(List.of());
        try {
            resources.log().publish(both, consumed);
        } catch (KafkaException e) {
            throw SendFailures.of(e);
        }
        long gaps = both.stream()
                .filter(each -> each.result().gap(each.task()).isPresent())
                .count();
        LOG.info("{} is scored, {} of {} cells without a score", job, gaps, both.size());
    }

    private List<Evaluation> score(ModelLine line, CommittedVersion commit) {
        try {
            return resources.scoring().score(line, job.version(), commit, cancellation);
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.error("{} cannot be scored", job, e);
            return resources.scoring().notMeasured(line, job.version(), commit, EncoderScoring.notMeasured(e));
        }
    }
}
