package io.tessellate.engine.backend.host;

import java.util.function.IntConsumer;

/**
 * Runs row kernels in blocks of rows. The blocks depend on the matrix alone, never on the number of threads, so that
 * sums over blocks come out the same everywhere.
 */
final class RowRunner {
    /** Floats of a block: small enough for the first cache level, large enough for bulk copies. */
    static final int BLOCK_FLOATS = 4096;

    /** Below this many floats handing over to a thread that must be woken first costs more than it saves. */
    private static final int PARALLEL_FLOATS = 1 << 16;

    /** The same of a thread that waits for work. */
    private static final int AWAKE_FLOATS = 1 << 14;

    private final KernelThreads threads;

    RowRunner(int threads) {
        this.threads = new KernelThreads(threads);
    }

    KernelThreads threads() {
        return threads;
    }

    /** Work on the rows from {@code from} (inclusive) to {@code to} (exclusive). */
    @FunctionalInterface
    interface Block {
        void run(int from, int to, float[][] scratch);
    }

    /** Rows of one block of a matrix of that width. */
    static int blockRows(int columns) {
        return Math.max(1, BLOCK_FLOATS / columns);
    }

    /** Runs all rows in cache-sized blocks. Blocks must not depend on each other. */
    void run(int rows, int columns, Block block) {
        run(rows, blockRows(columns), columns, block);
    }

    /** Runs all rows in blocks of {@code blockRows}. */
    void run(int rows, int blockRows, int columns, Block block) {
        int blocks = (rows + blockRows - 1) / blockRows;
        int scratch = Math.max(BLOCK_FLOATS, columns);
        IntConsumer one = b -> block.run(b * blockRows, Math.min(rows, (b + 1) * blockRows), Scratch.of(scratch));
        if ((long) rows * columns >= (threads.awake() ? AWAKE_FLOATS : PARALLEL_FLOATS)) {
            threads.run(blocks, one);
        } else {
            for (int b = 0; b < blocks; b++) {
                one.accept(b);
            }
        }
    }

    /** Arrays a thread works in; they grow with the widest matrix it has seen. */
    private static final class Scratch {
        private static final int ARRAYS = 5;
        private static final ThreadLocal<float[][]> LOCAL = new ThreadLocal<>();

        static float[][] of(int floats) {
            float[][] arrays = LOCAL.get();
            if (arrays == null || arrays[0].length < floats) {
                arrays = new float[ARRAYS][floats];
                LOCAL.set(arrays);
            }
            return arrays;
        }
    }
}
