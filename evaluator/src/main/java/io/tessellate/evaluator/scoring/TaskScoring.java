package io.tessellate.evaluator.scoring;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.util.List;

/** Scores single tasks of versions; used by one thread at a time. */
interface TaskScoring extends AutoCloseable {
    /**
     * A task of a version in both views, each with its score or with the reason why it has none and will have none. The same
     * version always gives the same scores and predictions, whoever scores which of its tasks.
     *
     * @param commit the commit that brought the task's adapter, which the version holds
     * @throws io.tessellate.error.TessellateException stopped when cancelled, retriable if something it needs is away for now
     */
    List<Evaluation> score(ModelLine line, int version, CommittedVersion commit, Cancellation cancellation);

    /** A task of a version in both views, neither of which could be scored. */
    List<Evaluation> notMeasured(ModelLine line, int version, CommittedVersion commit, Evaluation.NotMeasured why);

    @Override
    void close();
}
