package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.matrix.Evaluation;
import java.util.Optional;

/** The best score of every task so far, of those that count: one of an adapter that was trained anew begins again. */
record BestScores(MatrixState state) {
    /** What an evaluation is held against, if there is anything. */
    Optional<Evaluation> before(Evaluation now) {
        return state.best(now.model(), now.task(), now.view())
                .filter(best -> best.committedAs() == now.committedAs() && best.version() < now.version());
    }

    /** Takes a score that counts from now on. The first of equal ones stays. */
    void take(Evaluation now) {
        if (now.result().measured().isEmpty()) {
            return;
        }
        Optional<Evaluation> best = state.best(now.model(), now.task(), now.view())
                .filter(before -> before.committedAs() == now.committedAs());
        if (best.isEmpty() || score(now) > score(best.get())) {
            state.setBest(now);
        }
    }

    static double score(Evaluation evaluation) {
        return evaluation.result().measured().orElseThrow().score();
    }
}
