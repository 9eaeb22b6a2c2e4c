package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import java.nio.FloatBuffer;

/** A matrix's rows in memory that Java reaches directly. */
record Floats(FloatBuffer buffer, int offset, int columns) {
    static Floats of(Matrix matrix) {
        return new Floats(((HostVector) matrix.memory()).buffer(), matrix.offset(), matrix.columns());
    }

    void read(int from, int to, float[] target) {
        buffer.get(offset + from * columns, target, 0, (to - from) * columns);
    }

    void write(int from, int to, float[] source) {
        buffer.put(offset + from * columns, source, 0, (to - from) * columns);
    }

    /** Reads some columns of rows, which then lie side by side. */
    void readColumns(int from, int to, int first, int count, float[] target) {
        for (int r = from; r < to; r++) {
            buffer.get(offset + r * columns + first, target, (r - from) * count, count);
        }
    }

    /** Writes some columns of rows, which lie side by side. */
    void writeColumns(int from, int to, int first, int count, float[] source) {
        for (int r = from; r < to; r++) {
            buffer.put(offset + r * columns + first, source, (r - from) * count, count);
        }
    }

    /** Reads some heads of rows, which then lie one behind the other. */
    void readHeads(int from, int to, HeadShape.Columns heads, int width, float[] target) {
        for (int r = from; r < to; r++) {
            for (int h = 0; h < heads.count(); h++) {
                int at = ((r - from) * heads.count() + h) * width;
                buffer.get(offset + r * columns + heads.of(h), target, at, width);
            }
        }
    }

    /** Writes some heads of rows, which lie one behind the other. */
    void writeHeads(int from, int to, HeadShape.Columns heads, int width, float[] source) {
        for (int r = from; r < to; r++) {
            for (int h = 0; h < heads.count(); h++) {
                int at = ((r - from) * heads.count() + h) * width;
                buffer.put(offset + r * columns + heads.of(h), source, at, width);
            }
        }
    }

    void read(int row, float[] target) {
        read(row, row + 1, target);
    }

    void write(int row, float[] source) {
        write(row, row + 1, source);
    }
}
