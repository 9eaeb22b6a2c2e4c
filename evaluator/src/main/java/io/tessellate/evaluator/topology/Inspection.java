package io.tessellate.evaluator.topology;

import static io.tessellate.error.ErrorCode.FORGETTING;
import static io.tessellate.error.ErrorCode.TASK_VIEW_CHANGED;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.Gap;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.TaskName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is worth an alert about a row. */
final class Inspection {
    private Inspection() {}

    /** Drops in the union view: critical beyond the budget, a warning beyond half of it. */
    static List<Finding> forgetting(MatrixRow row, double budget) {
        List<Finding> findings = new ArrayList<>();
        for (int column = 0; column < row.tasks().size(); column++) {
            Double drop = row.union().drops().get(column);
            if (drop != null && drop > budget / 2) {
                findings.add(forgetting(row, column, drop, budget));
            }
        }
        return findings;
    }

    private static Finding forgetting(MatrixRow row, int column, double drop, double budget) {
        boolean critical = drop > budget;
        String message = String.format(
                Locale.ROOT,
                "version %d scores %.4f on '%s' in the union view, %.4f below its best; the budget is %.4f%s",
                row.version(),
                row.union().scores().get(column),
                row.tasks().get(column),
                drop,
                budget,
                critical ? "" : ", of which more than half is used");
        return new Finding(critical, FORGETTING, row.tasks().get(column), View.UNION, drop, budget, message);
    }

    /** Scores that could not be computed: once for each task, though it is missing in both views. */
    static List<Finding> gaps(MatrixRow row) {
        List<Finding> findings = new ArrayList<>();
        row.union().gaps().forEach(gap -> findings.add(gap(row, gap, View.UNION)));
        List<TaskName> said = row.union().gaps().stream().map(Gap::task).toList();
        row.task().gaps().stream()
                .filter(gap -> !said.contains(gap.task()))
                .forEach(gap -> findings.add(gap(row, gap, View.TASK)));
        return findings;
    }

    private static Finding gap(MatrixRow row, Gap gap, View view) {
        String message = "version %d could not be measured on '%s' (%s): %s"
                .formatted(row.version(), gap.task(), gap.code(), gap.reason());
        return new Finding(false, gap.code(), gap.task(), view, 0, 0, message);
    }

    /** The task view of an earlier task must be what it was when its task was committed, predictions included. */
    static Optional<Finding> taskView(Evaluation committed, Evaluation now) {
        Optional<Evaluation.Measured> then = committed.result().measured();
        Optional<Evaluation.Measured> current = now.result().measured();
        if (then.isEmpty() || current.isEmpty()) {
            return Optional.empty();
        }
        boolean same = Double.compare(then.get().score(), current.get().score()) == 0
                && then.get().predictions().equals(current.get().predictions());
        return same ? Optional.empty() : Optional.of(changed(committed, then.get(), now, current.get()));
    }

    private static Finding changed(
            Evaluation committed, Evaluation.Measured then, Evaluation now, Evaluation.Measured current) {
        String message = String.format(
                Locale.ROOT,
                "the task view of '%s' changed: version %d scored %.6f with predictions %s, version %d scores %.6f with %s",
                now.task(),
                committed.version(),
                then.score(),
                then.predictions().hex().substring(0, 12),
                now.version(),
                current.score(),
                current.predictions().hex().substring(0, 12));
        return new Finding(true, TASK_VIEW_CHANGED, now.task(), View.TASK, current.score(), then.score(), message);
    }
}
