package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.verdict.Gate;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.util.List;
import java.util.Optional;

/** What the fold remembers between two evaluations. Everything but {@link #evaluations} and {@link #row} costs the same at any version. */
interface MatrixState {
    /** What the versions of a model are held against; empty before it is registered. */
    Optional<Gate> gate(ModelName model);

    /** Remembers a model's gate. */
    void setGate(ModelName model, Gate gate);

    /** The evaluation of a cell, if it has come. */
    Optional<Evaluation> evaluation(ModelName model, int version, TaskName task, View view);

    /** The evaluations of a version that have come so far, at most one per task and view. */
    List<Evaluation> evaluations(ModelName model, int version);

    /** Remembers an evaluation of a cell that had none. */
    void put(Evaluation evaluation);

    /** Whether every cell of a version has come. */
    boolean isComplete(ModelName model, int version);

    /** The best score of a task so far, of those that count. */
    Optional<Evaluation> best(ModelName model, TaskName task, View view);

    /** Remembers the best score of a task. */
    void setBest(Evaluation evaluation);

    /** How many rows are complete: versions 1, 2, ... without gaps. */
    int rows(ModelName model);

    /** A complete row. */
    Optional<MatrixRow> row(ModelName model, int version);

    /** Adds the row of the next version. */
    void append(MatrixRow row);
}
