package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Rotation;

/** Turns pairs of columns by the angles of their row. */
record HostRotation(RowRunner runner) {
    void run(Matrix x, Rotation rotation, boolean back) {
        rotation.heads().forEach(heads -> run(x, rotation, heads, back));
    }

    private void run(Matrix x, Rotation rotation, HeadShape.Columns heads, boolean back) {
        int half = rotation.cos().columns();
        int columns = (heads.count() - 1) * heads.stride() + rotation.columns();
        Floats inOut = Floats.of(x);
        Floats cos = Floats.of(rotation.cos());
        Floats sin = Floats.of(rotation.sin());
        runner.run(x.rows(), columns, (from, to, scratch) -> {
            inOut.readColumns(from, to, heads.first(), columns, scratch[0]);
            cos.read(from, to, scratch[1]);
            sin.read(from, to, scratch[2]);
            if (back) {
                HostKernels.scale(scratch[2], -1f, (to - from) * half);
            }
            for (int r = 0; r < to - from; r++) {
                for (int h = 0; h < heads.count(); h++) {
                    turn(scratch, r * columns + h * heads.stride(), r * half, half);
                }
            }
            inOut.writeColumns(from, to, heads.first(), columns, scratch[0]);
        });
    }

    private static void turn(float[][] scratch, int at, int angles, int half) {
        float[] x = scratch[0];
        for (int i = 0; i < half; i++) {
            float left = x[at + i];
            float right = x[at + half + i];
            float cos = scratch[1][angles + i];
            float sin = scratch[2][angles + i];
            x[at + i] = left * cos - right * sin;
            x[at + half + i] = right * cos + left * sin;
        }
    }
}
