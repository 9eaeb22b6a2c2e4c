package io.tessellate.mask.expander;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.text.NumberText;
import java.util.Locale;

/**
 * How many entries a regular mask has in each row of a matrix, and with it in each column: as equal as the numbers allow.
 *
 * @param tensor the matrix
 * @param ofRow entries of every row
 */
record RegularDegrees(EligibleTensor tensor, int ofRow) {
    /** Below three entries per row and column no graph is an expander: its spectral gap is 0. */
    static final int LEAST = 3;

    /** So that a share like 0.29 of 100 columns, which is 28.999999999999996 in binary, means 29. */
    private static final double ROUNDING = 1e-9;

    /** The largest degree with which a mask has at most this share of the matrix. */
    public static RegularDegrees of(EligibleTensor tensor, double density) {
        return new RegularDegrees(tensor, share(density, tensor.columns()));
    }

    /** So many of {@code length} entries are at most this share of them. */
    static int share(double density, int length) {
        return Math.min(length, (int) Math.floor(density * length + ROUNDING));
    }

    /** The same, refused with INVALID_RECIPE where no expander of that density exists. */
    public static RegularDegrees ofExpander(EligibleTensor tensor, double density) {
        RegularDegrees degrees = of(tensor, density);
        if (degrees.ofRow < LEAST || degrees.leastOfColumn() < LEAST) {
            String message = String.format(
                    Locale.ROOT,
                    "expander masks of density %s give tensor '%s' (%d x %d) %d entries per row and %d per column, at"
                            + " least %d are needed: choose a density of at least %s, or random masks",
                    density,
                    tensor.name(),
                    tensor.rows(),
                    tensor.columns(),
                    degrees.ofRow,
                    degrees.leastOfColumn(),
                    LEAST,
                    NumberText.fixed(leastDensity(tensor), 4));
            throw new TessellateException(ErrorCode.INVALID_RECIPE, message);
        }
        return degrees;
    }

    /** How many entries expander masks of a density have in all tensors; refused like {@link #ofExpander}. */
    static long entries(ParameterSpace eligible, double density) {
        return eligible.tensors().stream()
                .mapToLong(tensor -> ofExpander(tensor, density).entries())
                .sum();
    }

    private static double leastDensity(EligibleTensor tensor) {
        int ofRow = LEAST;
        while (new RegularDegrees(tensor, ofRow).leastOfColumn() < LEAST && ofRow < tensor.columns()) {
            ofRow++;
        }
        return Math.ceil(1e4 * ofRow / tensor.columns()) / 1e4;
    }

    /** Number of entries of a mask. */
    public int entries() {
        return tensor.rows() * ofRow;
    }

    /** Fewest entries of any column. */
    public int leastOfColumn() {
        return entries() / tensor.columns();
    }

    /** Most entries of any column. */
    public int mostOfColumn() {
        return (entries() + tensor.columns() - 1) / tensor.columns();
    }

    /** How many disjoint masks there is room for. */
    public int classes() {
        return tensor.columns() / ofRow;
    }
}
