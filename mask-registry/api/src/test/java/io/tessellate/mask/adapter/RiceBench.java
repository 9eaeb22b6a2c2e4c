package io.tessellate.mask.adapter;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/**
 * Prints what stored indices cost: bits for each against the entropy bound H(p)/p, and how fast they are written and
 * read on one core. Not a test; run its main.
 */
final class RiceBench {
    private static final int WEIGHTS = 1 << 24;
    private static final int ROUNDS = 21;

    private RiceBench() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws MalformedAdapterException {
        System.out.println("density   entries  bits/index   H(p)/p  encode M/s  decode M/s");
        for (double density : new double[] {0.1, 0.01, 0.0024}) {
            measure(density);
        }
    }

    private static void measure(double density) throws MalformedAdapterException {
        int[] indices = random(density, new SplittableRandom(1));
        RiceCode code = RiceCode.encode(new EntryIndex.Listed(indices));
        int[] decoded = RiceCode.decode(code.bytes(), code.parameter(), indices.length, WEIGHTS);
        if (!Arrays.equals(indices, decoded)) {
            throw new IllegalStateException("the round trip changed the indices");
        }
        double encode = rate(
                indices.length,
                () -> RiceCode.encode(new EntryIndex.Listed(indices)).bytes().length);
        double decode = rate(indices.length, () -> last(code, indices.length));
        System.out.printf(
                Locale.ROOT,
                "%6.2f %%  %8d  %10.3f  %7.3f  %10.0f  %10.0f%n",
                100 * density,
                indices.length,
                8.0 * code.bytes().length / indices.length,
                bound((double) indices.length / WEIGHTS),
                encode,
                decode);
    }

    private static int last(RiceCode code, int count) {
        try {
            int[] indices = RiceCode.decode(code.bytes(), code.parameter(), count, WEIGHTS);
            return indices[count - 1];
        } catch (MalformedAdapterException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int[] random(double density, SplittableRandom random) {
        int[] indices = new int[WEIGHTS];
        int count = 0;
        for (int i = 0; i < WEIGHTS; i++) {
            if (random.nextDouble() < density) {
                indices[count++] = i;
            }
        }
        return Arrays.copyOf(indices, count);
    }

    /** Bits that an unstructured mask of density p must spend on an index: H(p)/p. */
    private static double bound(double p) {
        return -(p * Math.log(p) + (1 - p) * Math.log(1 - p)) / Math.log(2) / p;
    }

    /** Median rate in millions of entries a second. */
    private static double rate(int entries, IntSupplier work) {
        double[] rates = new double[ROUNDS];
        int sink = 0;
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            long start = System.nanoTime();
            sink += work.getAsInt();
            rates[Math.max(0, round)] = entries * 1e3 / (System.nanoTime() - start);
        }
        Arrays.sort(rates);
        return sink == 1 ? 0 : rates[ROUNDS / 2];
    }
}
