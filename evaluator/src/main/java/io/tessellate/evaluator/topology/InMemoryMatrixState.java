package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The state as plain collections; the reference that the stored one is held against. */
public final class InMemoryMatrixState implements MatrixState {
    private record Version(ModelName model, int number) {}

    private record Cell(TaskName task, View view) {}

    private final Map<ModelName, Double> budgets = new HashMap<>();
    private final Map<Version, Map<Cell, Evaluation>> evaluations = new HashMap<>();
    private final Map<ModelName, List<MatrixRow>> rows = new HashMap<>();

    @Override
    public OptionalDouble budget(ModelName model) {
        Double budget = budgets.get(model);
        return budget == null ? OptionalDouble.empty() : OptionalDouble.of(budget);
    }

    @Override
    public void setBudget(ModelName model, double budget) {
        budgets.put(model, budget);
    }

    @Override
    public List<Evaluation> evaluations(ModelName model, int version) {
        return List.copyOf(
                evaluations.getOrDefault(new Version(model, version), Map.of()).values());
    }

    @Override
    public void put(Evaluation evaluation) {
        evaluations
                .computeIfAbsent(new Version(evaluation.model(), evaluation.version()), v -> new LinkedHashMap<>())
                .put(new Cell(evaluation.task(), evaluation.view()), evaluation);
    }

    @Override
    public List<MatrixRow> rows(ModelName model) {
        return List.copyOf(rows.getOrDefault(model, List.of()));
    }

    @Override
    public void append(MatrixRow row) {
        rows.computeIfAbsent(row.model(), m -> new ArrayList<>()).add(row);
    }
}
