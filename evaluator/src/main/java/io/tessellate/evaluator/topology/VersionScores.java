package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.Gap;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.matrix.ViewRow;
import io.tessellate.id.TaskName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The evaluations of one version that have come so far. */
record VersionScores(List<Evaluation> evaluations) {
    VersionScores {
        evaluations = List.copyOf(evaluations);
    }

    /** Whether every task of the version was scored in both views. */
    boolean isComplete() {
        return !evaluations.isEmpty() && tasks().stream().allMatch(this::isScored);
    }

    private boolean isScored(TaskName task) {
        return find(task, View.UNION).isPresent() && find(task, View.TASK).isPresent();
    }

    /** The row of a complete version after its earlier rows. */
    MatrixRow toRow(List<MatrixRow> history) {
        Evaluation first = evaluations.get(0);
        Instant completed = evaluations.stream()
                .map(Evaluation::at)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return new MatrixRow(
                first.model(),
                first.version(),
                tasks(),
                tasks().stream().map(task -> metric(task, history)).toList(),
                ViewRow.after(rows(View.UNION, history), gaps(View.UNION)),
                ViewRow.after(rows(View.TASK, history), gaps(View.TASK)),
                completed,
                tasks().stream()
                        .map(task -> evaluation(task, View.UNION).leftOut())
                        .toList());
    }

    /** What could not be measured may not even know how it would have been; the rows before do. */
    private String metric(TaskName task, List<MatrixRow> history) {
        Evaluation evaluation = evaluation(task, View.UNION);
        if (evaluation.result().measured().isEmpty() && !history.isEmpty()) {
            MatrixRow before = history.get(history.size() - 1);
            int column = before.tasks().indexOf(task);
            return column < 0 ? evaluation.metric() : before.metrics().get(column);
        }
        return evaluation.metric();
    }

    /** The evaluation of one cell, which must be there. */
    Evaluation evaluation(TaskName task, View view) {
        return find(task, view)
                .orElseThrow(() -> new IllegalStateException("no score of '%s' in the %s view".formatted(task, view)));
    }

    private List<TaskName> tasks() {
        return evaluations.get(0).versionTasks();
    }

    private List<List<@Nullable Double>> rows(View view, List<MatrixRow> history) {
        List<List<@Nullable Double>> rows = new ArrayList<>();
        history.forEach(row -> rows.add(row.in(view).scores()));
        List<@Nullable Double> newest = new ArrayList<>();
        tasks().forEach(task -> newest.add(score(evaluation(task, view))));
        rows.add(newest);
        return rows;
    }

    private static @Nullable Double score(Evaluation evaluation) {
        return evaluation.result().measured().map(Evaluation.Measured::score).orElse(null);
    }

    private List<Gap> gaps(View view) {
        return tasks().stream()
                .flatMap(task -> evaluation(task, view).result().gap(task).stream())
                .toList();
    }

    private Optional<Evaluation> find(TaskName task, View view) {
        return evaluations.stream()
                .filter(evaluation -> evaluation.task().equals(task) && evaluation.view() == view)
                .findFirst();
    }
}
