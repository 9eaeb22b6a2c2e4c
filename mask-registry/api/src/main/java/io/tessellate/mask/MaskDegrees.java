package io.tessellate.mask;

import java.util.Arrays;

/** How many entries a mask has in each row and in each column of one tensor. */
public final class MaskDegrees {
    private final int[] ofRow;
    private final int[] ofColumn;

    private MaskDegrees(int rows, int columns) {
        this.ofRow = new int[rows];
        this.ofColumn = new int[columns];
    }

    /** Those of a mask in one of its tensors. */
    public static MaskDegrees of(Mask mask, int tensor) {
        EligibleTensor shape = mask.space().tensor(tensor);
        MaskDegrees degrees = new MaskDegrees(shape.rows(), shape.columns());
        mask.forEach(tensor, index -> {
            degrees.ofRow[index / shape.columns()]++;
            degrees.ofColumn[index % shape.columns()]++;
        });
        return degrees;
    }

    /** Whether all rows have the same number of entries, and all columns the same or one more: a regular mask. */
    public boolean regular() {
        return spread(ofRow) == 0 && spread(ofColumn) <= 1;
    }

    /** Whether all rows have the same number of entries, or all columns. */
    public boolean oneSided() {
        return spread(ofRow) == 0 || spread(ofColumn) == 0;
    }

    public int[] ofRow() {
        return ofRow;
    }

    public int[] ofColumn() {
        return ofColumn;
    }

    public static int least(int[] degrees) {
        return Arrays.stream(degrees).min().orElseThrow();
    }

    public static int most(int[] degrees) {
        return Arrays.stream(degrees).max().orElseThrow();
    }

    private static int spread(int[] degrees) {
        return most(degrees) - least(degrees);
    }
}
