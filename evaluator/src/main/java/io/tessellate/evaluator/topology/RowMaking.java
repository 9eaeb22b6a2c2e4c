package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.Evaluation.Measured;
import io.tessellate.evaluator.matrix.Gap;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.TaskScores;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.matrix.ViewRow;
import io.tessellate.evaluator.verdict.Gate;
import io.tessellate.evaluator.verdict.VersionVerdict;
import io.tessellate.id.TaskName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the row of a complete version: what it scored, against what its tasks scored when they were learnt and at their best, and the
 * verdict that follows. It looks at the version's own cells and at one or two others of each of its tasks, however many versions there
 * are.
 */
record RowMaking(MatrixState state, DropTests tests) {
    MatrixRow row(VersionScores version, Gate gate) {
        Evaluation first = version.evaluations().get(0);
        Instant completed = version.evaluations().stream()
                .map(Evaluation::at)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return new MatrixRow(
                first.model(),
                first.version(),
                version.tasks(),
                version.tasks().stream().map(task -> metric(version, task)).toList(),
                view(version, View.UNION),
                view(version, View.TASK),
                completed,
                version.tasks().stream()
                        .map(task -> version.evaluation(task, View.UNION).leftOut())
                        .toList(),
                verdict(version, gate));
    }

    private VersionVerdict verdict(VersionScores version, Gate gate) {
        BestScores best = new BestScores(state);
        return VersionVerdict.of(
                gate,
                version.tasks().stream()
                        .map(task -> version.evaluation(task, View.UNION))
                        .map(now -> tests.examine(now, best.before(now).orElse(null)))
                        .toList());
    }

    private ViewRow view(VersionScores version, View view) {
        List<TaskScores> scores = new ArrayList<>();
        List<@Nullable Measured> measured = new ArrayList<>();
        List<Boolean> proven = new ArrayList<>();
        List<Gap> gaps = new ArrayList<>();
        for (TaskName task : version.tasks()) {
            Evaluation now = version.evaluation(task, view);
            Evaluation known = known(now);
            scores.add(scores(known));
            measured.add(known.result().measured().orElse(null));
            proven.add(now.result() instanceof Evaluation.Proven);
            known.result().gap(task).ifPresent(gaps::add);
        }
        return ViewRow.of(scores, measured, proven, gaps);
    }

    private TaskScores scores(Evaluation now) {
        return new TaskScores(
                score(Optional.of(now)), score(learnt(now)), score(new BestScores(state).before(now)), now.isOwn());
    }

    private static @Nullable Double score(Optional<Evaluation> evaluation) {
        return evaluation
                .flatMap(each -> each.result().measured())
                .map(Measured::score)
                .orElse(null);
    }

    /** The evaluation at the task's own commit. */
    private Optional<Evaluation> learnt(Evaluation now) {
        return now.isOwn()
                ? Optional.of(now)
                : state.evaluation(now.model(), now.committedAs(), now.task(), now.view());
    }

    /** What is proven is what was measured when the task was committed. */
    private Evaluation known(Evaluation now) {
        return now.result() instanceof Evaluation.Proven
                ? now.with(learnt(now).map(Evaluation::result).orElse(now.result()))
                : now;
    }

    /** What could not be measured may not even know how it would have been; the row before does. */
    private String metric(VersionScores version, TaskName task) {
        Evaluation evaluation = version.evaluation(task, View.UNION);
        if (evaluation.result().measured().isPresent()) {
            return evaluation.metric();
        }
        return state.row(evaluation.model(), evaluation.version() - 1)
                .filter(before -> before.tasks().contains(task))
                .map(before -> before.metrics().get(before.tasks().indexOf(task)))
                .orElse(evaluation.metric());
    }
}
