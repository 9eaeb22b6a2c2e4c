package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.verdict.Gate;
import io.tessellate.evaluator.verdict.OutcomeSource;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns evaluations, in whatever order and however often they come, into one complete row per version, in the order of
 * the versions. A row waits until the model's gate is known and every earlier row is out. What an evaluation costs does not grow with the
 * number of versions.
 */
public final class MatrixFold {
    private final MatrixState state;
    private final RowMaking rows;

    /**
     * A fold over what came before.
     *
     * @param outcomes where the predictions of scored cells lie
     */
    public MatrixFold(MatrixState state, OutcomeSource outcomes) {
        this.state = state;
        this.rows = new RowMaking(state, new DropTests(outcomes));
    }

    /** A complete row and what is to be said about it. */
    public record Completed(MatrixRow row, List<Finding> findings) {
        public Completed {
            findings = List.copyOf(findings);
        }
    }

    /** Takes a model's registration; rows that waited for it come out. */
    public List<Completed> register(ModelName model, Gate gate) {
        if (state.gate(model).isPresent()) {
            return List.of();
        }
        state.setGate(model, gate);
        return advance(model);
    }

    /** Takes one evaluation; the rows it completes come out. The first of several for one cell stands. */
    public List<Completed> apply(Evaluation evaluation) {
        if (state.evaluation(evaluation.model(), evaluation.version(), evaluation.task(), evaluation.view())
                .isPresent()) {
            return List.of();
        }
        state.put(evaluation);
        return advance(evaluation.model());
    }

    private List<Completed> advance(ModelName model) {
        Optional<Gate> gate = state.gate(model);
        if (gate.isEmpty()) {
            return List.of();
        }
        List<Completed> completed = new ArrayList<>();
        for (int next = state.rows(model) + 1; state.isComplete(model, next); next++) {
            VersionScores version = new VersionScores(state.evaluations(model, next));
            MatrixRow row = rows.row(version, gate.get());
            completed.add(new Completed(row, findings(version, row)));
            state.append(row);
            remember(version, row);
        }
        return completed;
    }

    /** Scores of a version whose adapter stays out of every later one are no measure for those. */
    private void remember(VersionScores version, MatrixRow row) {
        if (row.verdict() == null || !row.verdict().takesOut()) {
            version.evaluations().forEach(new BestScores(state)::take);
        }
    }

    private List<Finding> findings(VersionScores version, MatrixRow row) {
        List<Finding> findings = new ArrayList<>(Inspection.forgetting(row));
        findings.addAll(Inspection.gaps(row));
        for (TaskName task : row.tasks()) {
            Evaluation now = version.evaluation(task, View.TASK);
            if (!now.isOwn()) {
                state.evaluation(row.model(), now.committedAs(), task, View.TASK)
                        .flatMap(then -> Inspection.taskView(then, now))
                        .ifPresent(findings::add);
            }
        }
        return findings;
    }
}
