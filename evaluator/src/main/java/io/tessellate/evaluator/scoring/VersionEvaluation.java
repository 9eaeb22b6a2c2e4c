package io.tessellate.evaluator.scoring;

import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.kafka.Cancellation;
import io.tessellate.runtime.kafka.Consumed;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The evaluation of one version, begun again after a growing pause while something it needs is missing or broken. It
 * never gives up: without its row a version can be neither promoted nor quarantined, so a person must see that it waits.
 */
final class VersionEvaluation {
    private static final Logger LOG = LoggerFactory.getLogger(VersionEvaluation.class);
    private static final long FIRST_PAUSE = 500;
    private static final long LONGEST_PAUSE = 30_000;

    /**
     * What an evaluation works with.
     *
     * @param versions finds a model once it holds a version
     */
    record Parts(BiFunction<ModelName, Integer, ModelLine> versions, VersionScoring scoring, EvaluationLog log) {}

    private final Parts parts;
    private final ModelName model;
    private final int version;
    private final Consumed consumed;
    private final Cancellation cancellation;

    VersionEvaluation(Parts parts, ModelName model, int version, Consumed consumed, Cancellation cancellation) {
        this.parts = parts;
        this.model = model;
        this.version = version;
        this.consumed = consumed;
        this.cancellation = cancellation;
    }

    /** Scores and publishes; tells {@code waiting} why whenever it has to begin again. */
    void execute(Consumer<String> waiting) {
        parts.log().publish(score(waiting), consumed);
        LOG.info("version {} of {} is scored", version, model);
    }

    private List<Evaluation> score(Consumer<String> waiting) {
        for (long pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
            cancellation.check();
            try {
                return parts.scoring().score(parts.versions().apply(model, version), version, cancellation);
            } catch (StoppedException e) {
                throw e;
            } catch (TessellateException e) {
                LOG.error("version {} of {} cannot be scored now: {}", version, model, e.getMessage());
                waiting.accept("version %d of %s waits: %s".formatted(version, model, e.getMessage()));
            }
            cancellation.pause(pause);
        }
    }
}
