package io.tessellate.evaluator.scoring;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.kafka.Cancellation;
import java.util.List;

/** Scores the tasks of a version; used by one thread. */
interface VersionScoring extends AutoCloseable {
    /**
     * Every task of a version in both views. The same version always gives the same scores and predictions.
     *
     * @throws io.tessellate.error.TessellateException INTERRUPTED when cancelled
     */
    List<Evaluation> score(ModelLine line, int version, Cancellation cancellation);

    @Override
    void close();
}
