package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns evaluations, in whatever order and however often they come, into one complete row per version, in the order of
 * the versions. A row waits until the model's budget is known and every earlier row is out.
 */
public final class MatrixFold {
    private final MatrixState state;

    public MatrixFold(MatrixState state) {
        this.state = state;
    }

    /** A complete row and what is to be said about it. */
    public record Completed(MatrixRow row, List<Finding> findings) {
        public Completed {
            findings = List.copyOf(findings);
        }
    }

    /** Takes a model's registration; rows that waited for it come out. */
    public List<Completed> register(ModelName model, double budget) {
        if (state.budget(model).isPresent()) {
            return List.of();
        }
        state.setBudget(model, budget);
        return advance(model);
    }

    /** Takes one evaluation; the rows it completes come out. The first of several for one cell stands. */
    public List<Completed> apply(Evaluation evaluation) {
        if (isKnown(evaluation)) {
            return List.of();
        }
        state.put(evaluation);
        return advance(evaluation.model());
    }

    private boolean isKnown(Evaluation candidate) {
        return state.evaluations(candidate.model(), candidate.version()).stream()
                .anyMatch(known -> known.task().equals(candidate.task()) && known.view() == candidate.view());
    }

    private List<Completed> advance(ModelName model) {
        var budget = state.budget(model);
        if (budget.isEmpty()) {
            return List.of();
        }
        List<Completed> completed = new ArrayList<>();
        List<MatrixRow> history = new ArrayList<>(state.rows(model));
        for (; ; ) {
            var version = new VersionScores(state.evaluations(model, history.size() + 1));
            if (!version.isComplete()) {
                return completed;
            }
            MatrixRow row = version.toRow(history);
            completed.add(new Completed(row, findings(version, row, history, budget.getAsDouble())));
            state.append(row);
            history.add(row);
        }
    }

    private List<Finding> findings(VersionScores version, MatrixRow row, List<MatrixRow> history, double budget) {
        List<Finding> findings = new ArrayList<>(Inspection.forgetting(row, budget));
        findings.addAll(Inspection.gaps(row));
        for (TaskName task : row.tasks().subList(0, history.size())) {
            int learnt = row.tasks().indexOf(task) + 1;
            var then = new VersionScores(state.evaluations(row.model(), learnt));
            Inspection.taskView(then.evaluation(task, View.TASK), version.evaluation(task, View.TASK))
                    .ifPresent(findings::add);
        }
        return findings;
    }
}
