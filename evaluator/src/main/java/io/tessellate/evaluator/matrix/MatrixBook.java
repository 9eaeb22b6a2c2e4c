package io.tessellate.evaluator.matrix;

import io.tessellate.event.ForgettingRow;
import io.tessellate.id.ModelName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The matrices of all models: a fold over {@code forgetting}. May be read and fed from different threads. */
public final class MatrixBook {
    private final Map<ModelName, List<MatrixRow>> rows = new TreeMap<>();
    private long revision;

    /** Takes a row; one that is already known changes nothing. */
    public synchronized void apply(ForgettingRow event) {
        MatrixRow row = RowCodec.row(event);
        List<MatrixRow> known = rows.computeIfAbsent(row.model(), model -> new ArrayList<>());
        if (row.version() == known.size() + 1) {
            known.add(row);
            revision++;
        }
    }

    /** The matrix of a model in one view; empty while no version is measured. */
    public synchronized AccuracyMatrix matrix(ModelName model, View view) {
        return AccuracyMatrix.of(model, view, rows.getOrDefault(model, List.of()));
    }

    /** The complete rows of a model in version order. */
    public synchronized List<MatrixRow> rows(ModelName model) {
        return List.copyOf(rows.getOrDefault(model, List.of()));
    }

    /** Models with at least one row. */
    public synchronized Set<ModelName> models() {
        return Set.copyOf(rows.keySet());
    }

    /** A number that grows with every row. */
    public synchronized long revision() {
        return revision;
    }
}
