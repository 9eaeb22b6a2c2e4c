package io.tessellate.experiment.result;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several p-values corrected for there being several (Holm 1979): the chance that any of the true hypotheses is refused stays below
 * the level, whatever the tests have to do with each other.
 */
public final class Holm {
    private Holm() {}

    /** Each p corrected, in the order given: the smallest of m times m, the next times m - 1, never below one before it. */
    public static double[] corrected(double... p) {
        List<Integer> order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .toList();
        double[] corrected = new double[p.length];
        double least = 0;
        for (int rank = 0; rank < p.length; rank++) {
            int place = order.get(rank);
            least = Math.max(least, Math.min(1, (p.length - rank) * p[place]));
            corrected[place] = least;
        }
        return corrected;
    }
}
