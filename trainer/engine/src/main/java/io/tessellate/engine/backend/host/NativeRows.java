package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Rows of a part of a matrix, which native code multiplies where they lie. ND4J's own products take some ten microseconds
 * to be called, as long as a head of 64 tokens takes to multiply; the OpenBLAS it brings along takes less than one.
 *
 * @param pointer where native code finds the memory
 * @param buffer where Java finds it
 * @param offset of the first row in it
 * @param stride floats from one row to the next
 */
record NativeRows(FloatPointer pointer, FloatBuffer buffer, int offset, int stride) {
    /** Extent of the pieces products are cut into, so that they stay in the cache. */
    private static final int TILE = 64;

    /** What rows are cleared with, a piece at a time; never written. */
    private static final float[] ZEROS = new float[1024];

    private static final int ROW_MAJOR = 101;
    private static final int AS_IT_IS = 111;
    private static final int TRANSPOSED = 112;

    static NativeRows of(Matrix matrix) {
        HostVector memory = (HostVector) matrix.memory();
        return new NativeRows(memory.pointer(), memory.buffer(), matrix.offset(), matrix.columns());
    }

    /** The part that begins with a row and a column of this one. */
    NativeRows from(int row, int column) {
        return new NativeRows(pointer, buffer, offset + row * stride + column, stride);
    }

    /** Copies entries into an array, without gaps. */
    void read(int rows, int columns, float[] target) {
        for (int r = 0; r < rows; r++) {
            buffer.get(offset + r * stride, target, r * columns, columns);
        }
    }

    /** Copies entries from an array without gaps. */
    void write(int rows, int columns, float[] source) {
        for (int r = 0; r < rows; r++) {
            buffer.put(offset + r * stride, source, r * columns, columns);
        }
    }

    /** Sets the entries of some rows to 0. */
    void clear(int rows, int columns) {
        for (int r = 0; r < rows; r++) {
            for (int done = 0; done < columns; done += ZEROS.length) {
                buffer.put(offset + r * stride + done, ZEROS, 0, Math.min(ZEROS.length, columns - done));
            }
        }
    }

    /**
     * Extents of a product.
     *
     * @param rows of the result
     * @param columns of the result
     * @param depth numbers that each of its entries is a sum of
     */
    record Extent(int rows, int columns, int depth) {}

    /**
     * Keeps OpenBLAS to the thread that calls it, in this whole process: the threads of its own that it otherwise starts for
     * large products wait for more by spinning, on the cores that oneDNN's threads need.
     */
    static void useCallingThreadOnly() {
        openblas_nolapack.blas_set_num_threads(1);
    }

    /** Becomes the product of two others of the given form, or is added to. */
    void multiply(Product form, Extent extent, NativeRows a, NativeRows b) {
        for (int row = 0; row < extent.rows; row += TILE) {
            for (int column = 0; column < extent.columns; column += TILE) {
                for (int at = 0; at < extent.depth; at += TILE) {
                    Extent tile = new Extent(
                            Math.min(TILE, extent.rows - row),
                            Math.min(TILE, extent.columns - column),
                            Math.min(TILE, extent.depth - at));
                    from(row, column)
                            .multiplyAtOnce(
                                    at > 0 ? form.accumulating() : form,
                                    tile,
                                    form.transposeA() ? a.from(at, row) : a.from(row, at),
                                    form.transposeB() ? b.from(column, at) : b.from(at, column));
                }
            }
        }
    }

    /** The same in one call, however large. */
    void multiplyAtOnce(Product form, Extent extent, NativeRows a, NativeRows b) {
        openblas_nolapack.cblas_sgemm(
                ROW_MAJOR,
                form.transposeA() ? TRANSPOSED : AS_IT_IS,
                form.transposeB() ? TRANSPOSED : AS_IT_IS,
                extent.rows,
                extent.columns,
                extent.depth,
                1f,
                a.first(),
                a.stride,
                b.first(),
                b.stride,
                form.accumulate() ? 1f : 0f,
                first(),
                stride);
    }

    private FloatPointer first() {
        return new FloatPointer(pointer).position(offset);
    }
}
