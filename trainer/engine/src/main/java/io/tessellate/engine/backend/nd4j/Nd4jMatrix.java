package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Matrix;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A matrix and the ND4J views it stands for. */
final class Nd4jMatrix implements Matrix {
    private final Nd4jVector memory;
    private final int offset;
    private final int rows;
    private final int columns;
    private final RowViews views;
    private @Nullable Narrow narrow;

    Nd4jMatrix(Nd4jVector memory, int offset, int rows, int columns, RowViews views) {
        this.memory = memory;
        this.offset = offset;
        this.rows = rows;
        this.columns = columns;
        this.views = views;
    }

    /** The same values elsewhere. */
    Nd4jMatrix in(RowViews other) {
        return new Nd4jMatrix(memory, offset, rows, columns, other);
    }

    @Override
    public Nd4jVector memory() {
        return memory;
    }

    @Override
    public int offset() {
        return offset;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    RowViews views() {
        return views;
    }

    @Override
    public synchronized Matrix narrow() {
        if (memory.isRounded()) {
            return this;
        }
        INDArray part = memory.rounded(offset, size());
        Narrow known = narrow;
        if (known == null || known.part != part) {
            known = new Narrow(part, in(new RowViews(part, 0, rows, columns)));
            narrow = known;
        }
        return known.matrix;
    }

    /** The matrix rounded to bf16, and the array it was made for. */
    private record Narrow(INDArray part, Nd4jMatrix matrix) {}
}
