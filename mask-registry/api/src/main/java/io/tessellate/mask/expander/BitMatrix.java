package io.tessellate.mask.expander;

import io.tessellate.mask.Bits;

/** A matrix of bits, row by row. */
final class BitMatrix {
    private final int columns;
    /** [row][word] */
    private final long[][] rows;

    BitMatrix(int rows, int columns) {
        this.columns = columns;
        this.rows = new long[rows][];
        for (int row = 0; row < rows; row++) {
            this.rows[row] = Bits.empty(columns);
        }
    }

    int rows() {
        return rows.length;
    }

    int columns() {
        return columns;
    }

    /** The words of a row; shared, not copied. */
    long[] row(int row) {
        return rows[row];
    }

    boolean get(int row, int column) {
        return Bits.get(rows[row], column);
    }

    void set(int row, int column) {
        Bits.set(rows[row], column);
    }

    void clear(int row, int column) {
        rows[row][column >> 6] &= ~(1L << column);
    }

    int count(int row) {
        return (int) Bits.count(rows[row]);
    }

    int[] columnCounts() {
        int[] counts = new int[columns];
        forEach((row, column) -> counts[column]++);
        return counts;
    }

    /** Visits the bits that are set, row by row. */
    void forEach(ColourSwitches.CellVisitor visitor) {
        for (int row = 0; row < rows.length; row++) {
            for (int word = 0; word < rows[row].length; word++) {
                for (long rest = rows[row][word]; rest != 0; rest &= rest - 1) {
                    visitor.cell(row, (word << 6) + Long.numberOfTrailingZeros(rest));
                }
            }
        }
    }
}
