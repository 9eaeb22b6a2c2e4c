package io.tessellate.engine.backend.owned;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a matrix as runs along its diagonals: (row, column), (row + 1, column + 1) and so on. A class of a
 * quasi-cyclic lift is one or two such runs per block, so that its part of A^T B is a sum of products of contiguous pieces
 * of a row of A and a row of B.
 *
 * @param rows where each run begins
 * @param columns where each run begins
 * @param lengths of each run
 * @param targets for each entry, run after run, its index among the entries in ascending order
 */
public record DiagonalRuns(int[] rows, int[] columns, int[] lengths, int[] targets) {
    /** A shorter average run costs more to copy than to multiply. */
    private static final int SHORTEST = 12;

    /**
     * From one in so many entries on, the runs are faster than the whole product (docs/results/engine.md). Entries and shape
     * alone decide, so that a resumed training goes the same way and finds the same bits.
     */
    private static final int SPARSEST = 24;

    /** The runs of ascending flat indices, or null where the whole product is faster. */
    static @Nullable DiagonalRuns of(int[] entries, int rows, int columns) {
        if (entries.length == 0 || (long) entries.length * SPARSEST > (long) rows * columns) {
            return null;
        }
        int[] next = successors(entries, columns);
        boolean[] inside = new boolean[entries.length];
        int runs = entries.length;
        for (int successor : next) {
            if (successor >= 0) {
                inside[successor] = true;
                runs--;
            }
        }
        return (long) runs * SHORTEST > entries.length ? null : runs(entries, columns, next, inside, runs);
    }

    /** For each entry the index of the one diagonally below it, or -1. */
    private static int[] successors(int[] entries, int columns) {
        int[] next = new int[entries.length];
        for (int i = 0; i < entries.length; i++) {
            boolean last = entries[i] % columns == columns - 1;
            int found = last ? -1 : Arrays.binarySearch(entries, i, entries.length, entries[i] + columns + 1);
            next[i] = Math.max(found, -1);
        }
        return next;
    }

    private static DiagonalRuns runs(int[] entries, int columns, int[] next, boolean[] inside, int count) {
        DiagonalRuns runs = new DiagonalRuns(new int[count], new int[count], new int[count], new int[entries.length]);
        int run = 0;
        int placed = 0;
        for (int start = 0; start < entries.length; start++) {
            if (inside[start]) {
                continue;
            }
            runs.rows[run] = entries[start] / columns;
            runs.columns[run] = entries[start] % columns;
            int before = placed;
            for (int i = start; i >= 0; i = next[i]) {
                runs.targets[placed++] = i;
            }
            runs.lengths[run++] = placed - before;
        }
        return runs;
    }

    /** Number of entries. */
    public int size() {
        return targets.length;
    }

    /** Puts the pieces of a row that the runs' beginnings point at one after the other. */
    public static void spread(float[] row, int[] starts, int[] lengths, float[] target) {
        int at = 0;
        for (int run = 0; run < starts.length; run++) {
            System.arraycopy(row, starts[run], target, at, lengths[run]);
            at += lengths[run];
        }
    }
}
