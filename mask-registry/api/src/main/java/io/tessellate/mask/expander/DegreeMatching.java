package io.tessellate.mask.expander;

import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.SplitMix;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Chooses cells among those that are not taken, so many in every row and between a least and a most number in every column: a
 * maximum flow from rows to columns. A random choice fills most of it; what is missing is found along augmenting paths, as
 * Hopcroft and Karp do in phases in each of which a column is looked at once. First no column may have more than its least
 * number, then none more than its most: paths never take from the column they pass, so the first is kept. Rows that are filled
 * last take what is left, which makes a poor expander, so what was found is mixed by {@link RowTrades}.
 */
final class DegreeMatching {
    private final BitMatrix taken;
    private final RegularDegrees degrees;
    private final int[] least;
    private final int[] most;
    private final SplitMix random;

    private final BitMatrix chosen;
    /** The same with rows and columns exchanged. */
    private final BitMatrix transposed;

    private final int[] ofRow;
    private final int[] ofColumn;
    private final AugmentingPaths paths;

    private DegreeMatching(BitMatrix taken, RegularDegrees degrees, int[] least, int[] most, SplitMix random) {
        this.taken = taken;
        this.degrees = degrees;
        this.least = least;
        this.most = most;
        this.random = random;
        this.chosen = new BitMatrix(taken.rows(), taken.columns());
        this.transposed = new BitMatrix(taken.columns(), taken.rows());
        this.ofRow = new int[taken.rows()];
        this.ofColumn = new int[taken.columns()];
        this.paths = new AugmentingPaths(taken, chosen, transposed, ofColumn);
    }

    /**
     * What came of it.
     *
     * @param chosen the cells; empty if there is no such choice
     * @param obstacle why there is none
     */
    record Result(Optional<BitMatrix> chosen, String obstacle) {}

    /**
     * Tries first to keep the columns' numbers of taken cells within one of each other, which leaves room for later masks
     * where a column's number of entries is no whole number; without that, only this mask itself is regular.
     */
    static Result find(BitMatrix taken, RegularDegrees degrees, SplitMix random) {
        int[] least = filled(taken.columns(), degrees.leastOfColumn());
        int[] most = filled(taken.columns(), degrees.mostOfColumn());
        if (degrees.leastOfColumn() < degrees.mostOfColumn()) {
            int[] balancedLeast = least.clone();
            int[] balancedMost = most.clone();
            if (balance(taken.columnCounts(), degrees.entries(), balancedLeast, balancedMost)) {
                Result balanced = new DegreeMatching(taken, degrees, balancedLeast, balancedMost, random).result();
                if (balanced.chosen.isPresent()) {
                    return balanced;
                }
            }
        }
        return new DegreeMatching(taken, degrees, least, most, random).result();
    }

    private static int[] filled(int length, int value) {
        int[] filled = new int[length];
        Arrays.fill(filled, value);
        return filled;
    }

    private static boolean balance(int[] before, int entries, int[] least, int[] most) {
        long after = Arrays.stream(before).asLongStream().sum() + entries;
        int low = (int) (after / before.length);
        int high = (int) ((after + before.length - 1) / before.length);
        boolean possible = true;
        for (int column = 0; column < before.length; column++) {
            least[column] = Math.max(least[column], low - before[column]);
            most[column] = Math.min(most[column], high - before[column]);
            possible &= least[column] <= most[column];
        }
        return possible;
    }

    private Result result() {
        for (int row = 0; row < taken.rows(); row++) {
            int free = taken.columns() - taken.count(row);
            if (free < degrees.ofRow()) {
                return failed("row %d has only %d free weights".formatted(row, free));
            }
        }
        fill(least);
        paths.augmentAll(ofRow, degrees.ofRow(), least);
        OptionalInt lacking = IntStream.range(0, least.length)
                .filter(column -> ofColumn[column] < least[column])
                .findFirst();
        fill(most);
        Optional<AugmentingPaths.Blocked> blocked = paths.augmentAll(ofRow, degrees.ofRow(), most);
        if (blocked.isPresent()) {
            return failed(blocked.get().describe(taken, ofRow));
        }
        return lacking.isPresent() ? failed(lacking(lacking.getAsInt())) : mixed();
    }

    private String lacking(int column) {
        return "column %d has %d free weights in rows that other columns need"
                .formatted(column, taken.rows() - taken.columnCounts()[column]);
    }

    private Result mixed() {
        RowTrades.mix(taken, chosen, random);
        return new Result(Optional.of(chosen), "");
    }

    private Result failed(String obstacle) {
        EligibleTensor tensor = degrees.tensor();
        return new Result(
                Optional.empty(),
                ("no mask of %d entries per row and %d to %d per column fits into the free weights of tensor '%s' (%d x %d):"
                                + " %s; after a mask that is not biregular there need not be one")
                        .formatted(
                                degrees.ofRow(),
                                degrees.leastOfColumn(),
                                degrees.mostOfColumn(),
                                tensor.name(),
                                tensor.rows(),
                                tensor.columns(),
                                obstacle));
    }

    /** Gives every row, in random order, random cells as far as its free columns have room. */
    private void fill(int[] room) {
        int[] candidates = new int[taken.columns()];
        for (int row : random.permutation(taken.rows())) {
            int count = 0;
            for (int column = 0; column < candidates.length; column++) {
                if (ofColumn[column] < room[column] && !taken.get(row, column) && !chosen.get(row, column)) {
                    candidates[count++] = column;
                }
            }
            for (int left = count; left > 0 && ofRow[row] < degrees.ofRow(); left--) {
                int drawn = random.below(left);
                choose(row, candidates[drawn]);
                candidates[drawn] = candidates[left - 1];
            }
        }
    }

    private void choose(int row, int column) {
        chosen.set(row, column);
        transposed.set(column, row);
        ofRow[row]++;
        ofColumn[column]++;
    }
}
