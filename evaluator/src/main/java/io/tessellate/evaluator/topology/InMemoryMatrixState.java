package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.verdict.Gate;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The state as plain collections; the reference that the stored one is held against. */
public final class InMemoryMatrixState implements MatrixState {
    private record Numbered(ModelName model, int number) {}

    private record Cell(TaskName task, View view) {}

    private record Named(ModelName model, Cell cell) {}

    private final Map<ModelName, Gate> gates = new HashMap<>();
    private final Map<Numbered, Map<Cell, Evaluation>> evaluations = new HashMap<>();
    private final Map<Named, Evaluation> best = new HashMap<>();
    private final Map<ModelName, List<MatrixRow>> rows = new HashMap<>();

    @Override
    public Optional<Gate> gate(ModelName model) {
        return Optional.ofNullable(gates.get(model));
    }

    @Override
    public void setGate(ModelName model, Gate gate) {
        gates.put(model, gate);
    }

    @Override
    public Optional<Evaluation> evaluation(ModelName model, int version, TaskName task, View view) {
        return Optional.ofNullable(cells(model, version).get(new Cell(task, view)));
    }

    private Map<Cell, Evaluation> cells(ModelName model, int version) {
        return evaluations.getOrDefault(new Numbered(model, version), Map.of());
    }

    @Override
    public List<Evaluation> evaluations(ModelName model, int version) {
        return List.copyOf(cells(model, version).values());
    }

    @Override
    public void put(Evaluation evaluation) {
        evaluations
                .computeIfAbsent(new Numbered(evaluation.model(), evaluation.version()), v -> new LinkedHashMap<>())
                .put(new Cell(evaluation.task(), evaluation.view()), evaluation);
    }

    @Override
    public boolean isComplete(ModelName model, int version) {
        return new VersionScores(evaluations(model, version)).isComplete();
    }

    @Override
    public Optional<Evaluation> best(ModelName model, TaskName task, View view) {
        return Optional.ofNullable(best.get(new Named(model, new Cell(task, view))));
    }

    @Override
    public void setBest(Evaluation evaluation) {
        best.put(new Named(evaluation.model(), new Cell(evaluation.task(), evaluation.view())), evaluation);
    }

    @Override
    public int rows(ModelName model) {
        return rows.getOrDefault(model, List.of()).size();
    }

    @Override
    public Optional<MatrixRow> row(ModelName model, int version) {
        return version >= 1 && version <= rows(model)
                ? Optional.of(rows.get(model).get(version - 1))
                : Optional.empty();
    }

    @Override
    public void append(MatrixRow row) {
        rows.computeIfAbsent(row.model(), m -> new ArrayList<>()).add(row);
    }
}
