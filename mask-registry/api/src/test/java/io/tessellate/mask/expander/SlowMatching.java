package io.tessellate.mask.expander;

/**
 * Whether a choice of cells with given degrees exists, by trying row after row: for every way to fill a row, the rest. Columns
 * must be able to reach their least number. Only for a handful of rows and columns.
 */
final class SlowMatching {
    private final BitMatrix taken;
    private final RegularDegrees degrees;
    private final int[] ofColumn;

    private SlowMatching(BitMatrix taken, RegularDegrees degrees) {
        this.taken = taken;
        this.degrees = degrees;
        this.ofColumn = new int[taken.columns()];
    }

    static boolean exists(BitMatrix taken, RegularDegrees degrees) {
        return new SlowMatching(taken, degrees).rest(0, 0, degrees.ofRow());
    }

    private boolean rest(int row, int column, int wanted) {
        if (row == taken.rows()) {
            return true;
        }
        if (wanted == 0) {
            return columnsCanBeFilled(row + 1) && rest(row + 1, 0, degrees.ofRow());
        }
        if (taken.columns() - column < wanted) {
            return false;
        }
        if (!taken.get(row, column) && ofColumn[column] < degrees.mostOfColumn()) {
            ofColumn[column]++;
            if (rest(row, column + 1, wanted - 1)) {
                return true;
            }
            ofColumn[column]--;
        }
        return rest(row, column + 1, wanted);
    }

    private boolean columnsCanBeFilled(int fromRow) {
        for (int column = 0; column < ofColumn.length; column++) {
            int free = 0;
            for (int row = fromRow; row < taken.rows(); row++) {
                free += taken.get(row, column) ? 0 : 1;
            }
            if (ofColumn[column] + free < degrees.leastOfColumn()) {
                return false;
            }
        }
        return true;
    }
}
