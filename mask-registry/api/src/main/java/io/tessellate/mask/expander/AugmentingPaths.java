package io.tessellate.mask.expander;

import io.tessellate.mask.Bits;
import java.util.Arrays;
import java.util.Optional;

/** Searches, breadth first, the ways by which a row that lacks an entry can get one, others moving theirs. */
final class AugmentingPaths {
    private final BitMatrix taken;
    private final BitMatrix chosen;
    private final BitMatrix transposed;
    private final int[] ofColumn;

    private final long[] seenColumns;
    private final boolean[] seenRows;
    /** Row from which a column was reached. */
    private final int[] rowBefore;
    /** Column from which a row was reached; -1 for the row that begins. */
    private final int[] columnBefore;

    private final int[] queue;

    /**
     * Paths through a choice of cells.
     *
     * @param taken cells that cannot be chosen
     * @param chosen the choice, changed by augmenting
     * @param transposed the same with rows and columns exchanged
     * @param ofColumn number of chosen cells of each column
     */
    AugmentingPaths(BitMatrix taken, BitMatrix chosen, BitMatrix transposed, int[] ofColumn) {
        this.taken = taken;
        this.chosen = chosen;
        this.transposed = transposed;
        this.ofColumn = ofColumn;
        this.seenColumns = Bits.empty(taken.columns());
        this.seenRows = new boolean[taken.rows()];
        this.rowBefore = new int[taken.columns()];
        this.columnBefore = new int[taken.rows()];
        this.queue = new int[taken.rows()];
    }

    /**
     * A row for which no path is left.
     *
     * @param row the row
     * @param rivals rows that share the columns it can reach, itself included
     */
    record Blocked(int row, int rivals) {
        String describe(BitMatrix taken, int[] ofRow) {
            return "row %d has %d free weights and gets %d of them, for it and the rows it competes with, %d, leave no more room in their columns"
                    .formatted(row, taken.columns() - taken.count(row), ofRow[row], rivals);
        }
    }

    /** Fills all rows up to a degree, columns to their room; the first row that cannot be filled, if there is one. */
    Optional<Blocked> augmentAll(int[] ofRow, int degree, int[] room) {
        Optional<Blocked> blocked;
        boolean progress;
        do {
            blocked = Optional.empty();
            progress = false;
            forget();
            for (int row = 0; row < ofRow.length; row++) {
                while (ofRow[row] < degree && augment(row, room)) {
                    ofRow[row]++;
                    progress = true;
                }
                if (ofRow[row] < degree && blocked.isEmpty()) {
                    blocked = Optional.of(new Blocked(row, rivals()));
                }
            }
        } while (blocked.isPresent() && progress);
        return blocked;
    }

    private void forget() {
        Arrays.fill(seenColumns, 0);
        Arrays.fill(seenRows, false);
    }

    private int rivals() {
        int count = 0;
        for (boolean seen : seenRows) {
            count += seen ? 1 : 0;
        }
        return count;
    }

    private boolean augment(int start, int[] room) {
        int head = 0;
        int tail = 0;
        queue[tail++] = start;
        seenRows[start] = true;
        columnBefore[start] = -1;
        while (head < tail) {
            int row = queue[head++];
            int column = nextColumn(row, 0);
            while (column >= 0) {
                Bits.set(seenColumns, column);
                rowBefore[column] = row;
                if (ofColumn[column] < room[column]) {
                    shift(column);
                    return true;
                }
                tail = enqueueOwners(column, tail);
                column = nextColumn(row, column >> 6);
            }
        }
        return false;
    }

    /** A free column the row has not chosen and the search has not seen, from a word on; -1 if there is none. */
    private int nextColumn(int row, int fromWord) {
        long[] takenWords = taken.row(row);
        long[] chosenWords = chosen.row(row);
        for (int word = fromWord; word < takenWords.length; word++) {
            long open = ~(takenWords[word] | chosenWords[word] | seenColumns[word]);
            if (open != 0) {
                int column = (word << 6) + Long.numberOfTrailingZeros(open);
                return column < taken.columns() ? column : -1;
            }
        }
        return -1;
    }

    private int enqueueOwners(int column, int from) {
        int tail = from;
        long[] owners = transposed.row(column);
        for (int word = 0; word < owners.length; word++) {
            for (long rest = owners[word]; rest != 0; rest &= rest - 1) {
                int row = (word << 6) + Long.numberOfTrailingZeros(rest);
                if (!seenRows[row]) {
                    seenRows[row] = true;
                    columnBefore[row] = column;
                    queue[tail++] = row;
                }
            }
        }
        return tail;
    }

    /** Walks back: every row on the path takes the column it was left by and gives up the one it was reached by. */
    private void shift(int last) {
        ofColumn[last]++;
        int column = last;
        while (column >= 0) {
            int row = rowBefore[column];
            chosen.set(row, column);
            transposed.set(column, row);
            int given = columnBefore[row];
            if (given >= 0) {
                chosen.clear(row, given);
                transposed.clear(given, row);
            }
            column = given;
        }
    }
}
