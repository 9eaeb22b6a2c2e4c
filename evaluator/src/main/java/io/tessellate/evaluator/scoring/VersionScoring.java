package io.tessellate.evaluator.scoring;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.util.List;

/** Scores the tasks of a version; used by one thread at a time. */
interface VersionScoring extends AutoCloseable {
    /**
     * Every task of a version in both views, each with its score or with the reason why it has none and will have none. The same
     * version always gives the same scores and predictions.
     *
     * @throws io.tessellate.error.TessellateException stopped when cancelled, retriable if something it needs is away for now
     */
    List<Evaluation> score(ModelLine line, int version, Cancellation cancellation);

    /** Every task of a version in both views, none of which could be scored. */
    List<Evaluation> notMeasured(ModelLine line, int version, Evaluation.NotMeasured why);

    @Override
    void close();
}
