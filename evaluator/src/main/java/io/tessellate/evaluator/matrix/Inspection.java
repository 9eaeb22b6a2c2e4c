package io.tessellate.evaluator.matrix;

import static io.tessellate.error.ErrorCode.FORGETTING;
import static io.tessellate.error.ErrorCode.TASK_VIEW_CHANGED;

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
            double drop = row.union().drops().get(column);
            if (drop > budget / 2) {
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

    /** The task view of an earlier task must be what it was when its task was committed, predictions included. */
    static Optional<Finding> taskView(Evaluation committed, Evaluation now) {
        boolean same = Double.compare(committed.score(), now.score()) == 0
                && committed.predictions().equals(now.predictions());
        return same ? Optional.empty() : Optional.of(changed(committed, now));
    }

    private static Finding changed(Evaluation committed, Evaluation now) {
        String message = String.format(
                Locale.ROOT,
                "the task view of '%s' changed: version %d scored %.6f with predictions %s, version %d scores %.6f with %s",
                now.task(),
                committed.version(),
                committed.score(),
                committed.predictions().hex().substring(0, 12),
                now.version(),
                now.score(),
                now.predictions().hex().substring(0, 12));
        return new Finding(true, TASK_VIEW_CHANGED, now.task(), View.TASK, now.score(), committed.score(), message);
    }
}
