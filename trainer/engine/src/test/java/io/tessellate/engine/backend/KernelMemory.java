package io.tessellate.engine.backend;

import java.util.Random;

/** Memory of a backend, cut into matrices one behind the other: for the kernels' contract and for their benchmarks. */
final class KernelMemory implements AutoCloseable {
    private static final double SPREAD = 1.5;

    private final Backend backend;
    private final FloatVector memory;
    private final int gap;
    private final Random random = new Random(11);
    private int used;

    private KernelMemory(Backend backend, int floats, int gap) {
        this.backend = backend;
        this.memory = backend.memory().allocate(floats);
        this.gap = gap;
    }

    /** Memory that shows whatever an operation does not overwrite, with matrices that begin at odd places. */
    static KernelMemory forContract(Backend backend) {
        KernelMemory kernels = new KernelMemory(backend, 1 << 20, 3);
        kernels.memory.fill(0, kernels.memory.size(), Float.NaN);
        return kernels;
    }

    /** Much memory of the backend {@code host}. */
    static KernelMemory forBenchmark() {
        return new KernelMemory(Backends.open(Backends.HOST), 1 << 24, 0);
    }

    Backend backend() {
        return backend;
    }

    /** Always the same draws. */
    Random random() {
        return random;
    }

    /** A matrix of what lies there. */
    Matrix empty(int rows, int columns) {
        Matrix matrix = backend.memory().matrix(memory, used, rows, columns);
        used += matrix.size() + gap;
        return matrix;
    }

    /** A matrix of normal draws. */
    Matrix random(int rows, int columns) {
        Matrix matrix = empty(rows, columns);
        float[] values = new float[matrix.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (SPREAD * random.nextGaussian());
        }
        matrix.put(values);
        return matrix;
    }

    /** Gives up all matrices so far; their memory is used again. */
    void reuse() {
        used = 0;
    }

    /** A matrix's values. */
    static double[] wide(Matrix matrix) {
        float[] values = new float[matrix.size()];
        matrix.get(values);
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    @Override
    public void close() {
        memory.close();
    }
}
