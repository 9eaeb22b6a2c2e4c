package io.tessellate.mask;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;

/** Degrees and singular values of a mask, counted and computed in the plainest way. */
public final class Regularity {
    private Regularity() {}

    public static int[] rowDegrees(Mask mask, int tensor) {
        EligibleTensor shape = mask.space().tensor(tensor);
        int[] degrees = new int[shape.rows()];
        mask.forEach(tensor, index -> degrees[index / shape.columns()]++);
        return degrees;
    }

    public static int[] columnDegrees(Mask mask, int tensor) {
        EligibleTensor shape = mask.space().tensor(tensor);
        int[] degrees = new int[shape.columns()];
        mask.forEach(tensor, index -> degrees[index % shape.columns()]++);
        return degrees;
    }

    public static double[] singularValues(Mask mask, int tensor) {
        EligibleTensor shape = mask.space().tensor(tensor);
        RealMatrix matrix = new Array2DRowRealMatrix(shape.rows(), shape.columns());
        mask.forEach(tensor, index -> matrix.setEntry(index / shape.columns(), index % shape.columns(), 1));
        return new SingularValueDecomposition(matrix).getSingularValues();
    }
}
