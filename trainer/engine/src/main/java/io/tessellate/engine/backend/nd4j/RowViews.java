package io.tessellate.engine.backend.nd4j;

import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A matrix in a flat array, and its rows in parts. ND4J takes some ten microseconds for a view, so they are kept. */
final class RowViews {
    private static final INDArray[] NONE = {};

    private final INDArray flat;
    private final long offset;
    private final int rows;
    private final int columns;
    private final INDArray whole;
    private INDArray[] parts = NONE;

    /** A matrix of rows without gaps from a place in a flat array on, which must not itself be a view. */
    RowViews(INDArray flat, long offset, int rows, int columns) {
        this.flat = flat;
        this.offset = offset;
        this.rows = rows;
        this.columns = columns;
        this.whole = rows(0, rows);
    }

    private INDArray rows(int from, int to) {
        return flat.get(NDArrayIndex.interval(offset + (long) from * columns, offset + (long) to * columns))
                .reshape('c', to - from, columns);
    }

    INDArray whole() {
        return whole;
    }

    /** The rows in so many parts, at most as many as there are rows. */
    synchronized INDArray[] parts(int count) {
        if (parts.length != count) {
            parts = count == 1
                    ? new INDArray[] {whole}
                    : IntStream.range(0, count)
                            .mapToObj(part -> rows(start(part, count), start(part + 1, count)))
                            .toArray(INDArray[]::new);
        }
        return parts;
    }

    private int start(int part, int count) {
        return (int) ((long) rows * part / count);
    }
}
