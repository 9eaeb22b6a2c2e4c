package io.tessellate.engine.optimizer;

import java.util.stream.IntStream;

/**
 * A row of values in pieces that several threads work off. Where it is cut depends on its length alone, never on the number of
 * threads, and what pieces come to is added in their order: any number of threads gives the same bits.
 */
final class Pieces {
    /** Values of a piece: few enough to stay in a core's cache, enough to be worth handing over. */
    static final int SIZE = 1 << 15;

    /** Below this many values one thread is done before another has begun. */
    private static final int PARALLEL = 1 << 17;

    private Pieces() {}

    /** What is done to the values from {@code from} to before {@code to}. */
    @FunctionalInterface
    interface Work {
        void run(int from, int to);
    }

    /** What the values from {@code from} to before {@code to} come to. */
    @FunctionalInterface
    interface Sum {
        double of(long from, long to);
    }

    /** Works off all pieces; they must not depend on each other. */
    static void forEach(int size, Work work) {
        pieces(size).forEach(piece -> work.run(piece * SIZE, (int) end(piece, size)));
    }

    /** The sum over all pieces. */
    static double sum(long size, Sum sum) {
        double total = 0;
        for (double part : pieces(size)
                .mapToDouble(piece -> sum.of((long) piece * SIZE, end(piece, size)))
                .toArray()) {
            total += part;
        }
        return total;
    }

    private static IntStream pieces(long size) {
        IntStream all = IntStream.range(0, Math.toIntExact((size + SIZE - 1) / SIZE));
        return size < PARALLEL ? all : all.parallel();
    }

    private static long end(int piece, long size) {
        return Math.min(size, (piece + 1L) * SIZE);
    }
}
