package io.tessellate.evaluator.topology;

import io.tessellate.engine.metric.DropTest;
import io.tessellate.engine.metric.Outcomes;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.Gap;
import io.tessellate.evaluator.verdict.OutcomeSource;
import io.tessellate.evaluator.verdict.TaskCase;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds a task's examples at a version against those of its best earlier score. */
record DropTests(OutcomeSource source) {
    /** What is known of a task before it is judged. */
    TaskCase examine(Evaluation now, @Nullable Evaluation best) {
        Optional<Gap> gap = now.result().gap(now.task());
        Tested tested = now.isOwn() || best == null || gap.isPresent() ? Tested.NOTHING : tested(best, now);
        return new TaskCase(
                now.task(),
                now.isOwn(),
                gap.map(Gap::reason).orElse(null),
                best == null || gap.isPresent() ? null : Double.valueOf(BestScores.score(best) - BestScores.score(now)),
                best == null ? null : best.version(),
                now.budget(),
                tested.test(),
                tested.examples(),
                tested.why());
    }

    /** A test, or why there is none. */
    private record Tested(
            @Nullable DropTest test,
            long examples,
            @Nullable String why) {
        static final Tested NOTHING = new Tested(null, 0, "nothing to hold it against");
    }

    private Tested tested(Evaluation best, Evaluation now) {
        try {
            Outcomes before = outcomes(best);
            Outcomes after = outcomes(now);
            return before.pairs(after)
                    ? new Tested(DropTest.of(before, after), after.size(), null)
                    : new Tested(null, 0, "version %d was scored on other examples".formatted(best.version()));
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (TessellateException e) {
            return new Tested(null, 0, String.valueOf(e.getMessage()));
        }
    }

    private Outcomes outcomes(Evaluation evaluation) {
        return source.of(evaluation.result().measured().orElseThrow().hits().sha256(), evaluation.metric());
    }
}
