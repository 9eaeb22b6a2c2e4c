package io.tessellate.evaluator.scoring;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.util.List;

/** All tasks of a version, scored one after the other by one evaluator. */
final class WholeVersion {
    private WholeVersion() {}

    /** Every task in the order of the commits, first its union view, then its own. */
    static List<Evaluation> scored(TaskScoring scoring, ModelLine line, int version) {
        return scored(scoring, line, version, new Cancellation());
    }

    static List<Evaluation> scored(TaskScoring scoring, ModelLine line, int version, Cancellation cancellation) {
        return line.holding(version).commits().stream()
                .flatMap(commit -> scoring.score(line, version, commit, cancellation).stream())
                .toList();
    }
}
