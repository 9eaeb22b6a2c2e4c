package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.TaskName;
import java.util.List;
import java.util.Optional;

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

    /** The evaluation of one cell, which must be there. */
    Evaluation evaluation(TaskName task, View view) {
        return find(task, view)
                .orElseThrow(() -> new IllegalStateException("no score of '%s' in the %s view".formatted(task, view)));
    }

    /** The tasks of a version of which something has come, in the order of their commits. */
    List<TaskName> tasks() {
        return evaluations.get(0).versionTasks();
    }

    private Optional<Evaluation> find(TaskName task, View view) {
        return evaluations.stream()
                .filter(evaluation -> evaluation.task().equals(task) && evaluation.view() == view)
                .findFirst();
    }
}
