package io.tessellate.engine.backend.nd4j;

import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/**
 * Threads between which products are divided by the rows of their results. Into how many parts, and which thread computes a row,
 * must not show in its bits.
 */
public interface ProductThreads {
    /** None but those that ND4J divides its operations between. */
    ProductThreads NATIVE = new ProductThreads() {
        @Override
        public void divide(int rows, long cost, IntFunction<IntConsumer> work) {
            work.apply(1).accept(0);
        }

        @Override
        public void whole(Runnable work) {
            work.run();
        }
    };

    /**
     * Does something for all rows, in as many parts as pay.
     *
     * @param cost about as many multiplications as all of it takes
     * @param work is told the number of parts once, by the thread that calls, and returns what is then done for each
     */
    void divide(int rows, long cost, IntFunction<IntConsumer> work);

    /** Does something that ND4J divides between threads of its own. */
    void whole(Runnable work);
}
