package io.tessellate.engine.backend;

import java.util.Random;

/** Random matrices of the backend {@code host} for benchmarks of single kernels. */
final class KernelMemory implements AutoCloseable {
    private static final int FLOATS = 1 << 24;

    private final Backend backend = Backends.open(Backends.HOST);
    private final FloatVector memory = backend.memory().allocate(FLOATS);
    private final Random random = new Random(1);
    private int used;

    Backend backend() {
        return backend;
    }

    Matrix random(int rows, int columns) {
        Matrix matrix = backend.memory().matrix(memory, used, rows, columns);
        used += matrix.size();
        float[] values = new float[matrix.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        matrix.put(values);
        return matrix;
    }

    @Override
    public void close() {
        memory.close();
    }
}
