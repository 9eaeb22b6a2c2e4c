package io.tessellate.engine.backend.nd4j;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Rows of one head of one sequence, each an array of its own: only loops over whole arrays from their beginning are
 * vectorised.
 */
final class HeadRows {
    private final float[][] rows;

    HeadRows(int most, int width) {
        this.rows = new float[most][width];
    }

    float[] row(int r) {
        return rows[r];
    }

    /** Reads rows that are {@code stride} floats apart. */
    void read(FloatBuffer from, int offset, int stride, int count, int width) {
        for (int r = 0; r < count; r++) {
            from.get(offset + r * stride, rows[r], 0, width);
        }
    }

    /** Writes rows that are {@code stride} floats apart. */
    void write(FloatBuffer to, int offset, int stride, int count, int width) {
        for (int r = 0; r < count; r++) {
            to.put(offset + r * stride, rows[r], 0, width);
        }
    }

    /** Becomes the transpose of {@code count} rows of {@code width}. */
    void transpose(HeadRows other, int count, int width) {
        for (int r = 0; r < count; r++) {
            float[] row = other.rows[r];
            for (int c = 0; c < width; c++) {
                rows[c][r] = row[c];
            }
        }
    }

    /** row(i) = sum over k of a(i)[k] b(k): the product A B with A [m x k] and B [k x n]. */
    void product(HeadRows a, HeadRows b, int m, int k, int n) {
        for (int i = 0; i < m; i++) {
            float[] c = rows[i];
            Arrays.fill(c, 0, n, 0f);
            float[] factors = a.rows[i];
            int l = 0;
            for (; l + 4 <= k; l += 4) {
                addFour(c, factors, b.rows, l, n);
            }
            for (; l < k; l++) {
                HostKernels.addMultiple(c, factors[l], b.rows[l], n);
            }
        }
    }

    /** c += the sum of four rows from {@code first} on, each times its factor: as many as the compiler vectorises best. */
    private static void addFour(float[] c, float[] factors, float[][] rows, int first, int n) {
        float f0 = factors[first];
        float f1 = factors[first + 1];
        float f2 = factors[first + 2];
        float f3 = factors[first + 3];
        float[] r0 = rows[first];
        float[] r1 = rows[first + 1];
        float[] r2 = rows[first + 2];
        float[] r3 = rows[first + 3];
        for (int i = 0; i < n; i++) {
            c[i] += f0 * r0[i] + f1 * r1[i] + f2 * r2[i] + f3 * r3[i];
        }
    }
}
