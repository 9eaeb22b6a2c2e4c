package io.tessellate.engine.bench;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;

/** How fast matrix products are at best: what a step whose products are all of its work could reach. */
final class GemmPeak {
    private static final int SIDE = 1024;
    private static final int REPETITIONS = 12;

    private GemmPeak() {}

    /** GF/s of the fastest of a few products of square matrices. */
    static double measure(Backend backend) {
        try (FloatVector memory = backend.memory().allocate(3 * SIDE * SIDE)) {
            memory.fill(0, memory.size(), 0.5f);
            Matrix a = backend.memory().matrix(memory, 0, SIDE, SIDE);
            Matrix b = backend.memory().matrix(memory, SIDE * SIDE, SIDE, SIDE);
            Matrix c = backend.memory().matrix(memory, 2 * SIDE * SIDE, SIDE, SIDE);
            double best = Double.POSITIVE_INFINITY;
            for (int i = 0; i < REPETITIONS; i++) {
                long start = System.nanoTime();
                backend.products().multiply(Product.ABT, a, b, c);
                best = Math.min(best, System.nanoTime() - start);
            }
            return 2.0 * SIDE * SIDE * SIDE / best;
        }
    }
}
