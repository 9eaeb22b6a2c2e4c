package io.tessellate.evaluator.topology;

import static io.tessellate.error.ErrorCode.FORGETTING;
import static io.tessellate.error.ErrorCode.TASK_VIEW_CHANGED;

import io.tessellate.engine.metric.DropTest;
import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.Gap;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.verdict.TaskVerdict;
import io.tessellate.evaluator.verdict.VerdictLevel;
import io.tessellate.id.TaskName;
import io.tessellate.text.NumberText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is worth an alert about a row. */
final class Inspection {
    private Inspection() {}

    /** Drops in the union view that the verdict does not pass without a word: critical where it fails, else a warning. */
    static List<Finding> forgetting(MatrixRow row) {
        List<Finding> findings = new ArrayList<>();
        if (row.verdict() != null) {
            for (TaskVerdict task : row.verdict().tasks()) {
                if (task.drop() != null && task.verdict() != VerdictLevel.PASS) {
                    findings.add(forgetting(row, task, task.drop()));
                }
            }
        }
        return findings;
    }

    private static Finding forgetting(MatrixRow row, TaskVerdict task, double drop) {
        boolean critical = task.verdict() == VerdictLevel.FAIL;
        String message = String.format(
                Locale.ROOT,
                "version %d scores %s on '%s' in the union view, %s below its best; the budget is %s%s%s",
                row.version(),
                NumberText.fixed(row.union().scores().get(row.tasks().indexOf(task.task())), 4),
                task.task(),
                NumberText.fixed(drop, 4),
                NumberText.fixed(task.budget(), 4),
                tested(task),
                critical
                        ? ""
                        : drop <= task.budget()
                                ? ", of which more than half is used"
                                : ", and the drop is not significant");
        return new Finding(
                AlertKind.VERDICT, critical, FORGETTING, task.task(), View.UNION, drop, task.budget(), message);
    }

    private static String tested(TaskVerdict task) {
        DropTest test = task.test();
        return test == null || task.corrected() == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        " (p %.4g after correction, %d of %d examples lost, %d won)",
                        task.corrected(),
                        test.lost(),
                        task.examples(),
                        test.won());
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
        return new Finding(AlertKind.UNMEASURED, false, gap.code(), gap.task(), view, 0, 0, message);
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
        String message =
                "the task view of '%s' changed: version %d scored %s with predictions %s, version %d scores %s with %s"
                        .formatted(
                                now.task(),
                                committed.version(),
                                NumberText.fixed(then.score(), 6),
                                then.predictions().hex().substring(0, 12),
                                now.version(),
                                NumberText.fixed(current.score(), 6),
                                current.predictions().hex().substring(0, 12));
        return new Finding(
                AlertKind.TASK_VIEW,
                true,
                TASK_VIEW_CHANGED,
                now.task(),
                View.TASK,
                current.score(),
                then.score(),
                message);
    }
}
