package io.tessellate.mask.spectrum;

/**
 * How good an expander a mask is in one matrix. For a quasi-cyclic lift it is the same for all classes; when the matrix was
 * padded to whole blocks, the singular values are those of the padded mask, of which the real one is a part: then sigma2 is
 * an upper bound.
 *
 * @param sigma1 largest singular value, the root of the product of the degrees
 * @param sigma2 second largest singular value
 * @param bound what a Ramanujan graph of these degrees stays below: the sum of the roots of the (mean) degrees less one
 * @param minRowDegree fewest entries in any row
 * @param maxRowDegree most entries in any row
 * @param minColumnDegree fewest entries in any column
 * @param maxColumnDegree most entries in any column
 * @param isolatedRows rows without an entry
 * @param isolatedColumns columns without an entry
 */
public record SpectralCertificate(
        double sigma1,
        double sigma2,
        double bound,
        int minRowDegree,
        int maxRowDegree,
        int minColumnDegree,
        int maxColumnDegree,
        int isolatedRows,
        int isolatedColumns) {

    /** sigma2 over the bound; at most 1 for a Ramanujan graph. */
    public double ratio() {
        return sigma2 / bound;
    }

    /** Spectral gap relative to sigma1: 0 for a disconnected graph, 1 for a complete one. */
    public double gap() {
        return 1 - sigma2 / sigma1;
    }

    /** Fewest entries in any row or column. */
    public int minDegree() {
        return Math.min(minRowDegree, minColumnDegree);
    }

    /** Most entries in any row or column. */
    public int maxDegree() {
        return Math.max(maxRowDegree, maxColumnDegree);
    }

    /** Rows and columns without an entry. */
    public int isolated() {
        return isolatedRows + isolatedColumns;
    }

    /** Whether the mask meets the Ramanujan bound. */
    public boolean ramanujan() {
        return sigma2 <= bound;
    }
}
