package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.id.ModelName;
import java.util.List;
import java.util.OptionalDouble;

/** What the fold remembers between two evaluations. */
interface MatrixState {
    /** Largest drop of an earlier task with which a version is promoted; empty before the model is registered. */
    OptionalDouble budget(ModelName model);

    /** Remembers a model's budget. */
    void setBudget(ModelName model, double budget);

    /** The evaluations of a version that have come so far, at most one per task and view. */
    List<Evaluation> evaluations(ModelName model, int version);

    /** Remembers an evaluation; one of the same version, task and view is replaced. */
    void put(Evaluation evaluation);

    /** The complete rows: versions 1, 2, ... without gaps. */
    List<MatrixRow> rows(ModelName model);

    /** Adds the row of the next version. */
    void append(MatrixRow row);
}
