package io.tessellate.mask.expander;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.text.NumberText;
import java.util.Comparator;

/**
 * How many classes of a quasi-cyclic lift a density stands for: q = round(1/density), as long as a class of every matrix is
 * an expander graph. The one rule for whoever grants a class: the registry, a run without one, and ingest, which refuses
 * beforehand what neither would grant.
 *
 * <p>A lift that was granted once is read whatever this says today: what an adapter file may hold is wider.
 */
public final class ClassCount {
    /** A partition into one class is the whole matrix: no mask. */
    private static final int FEWEST = 2;

    private ClassCount() {}

    /** The number of classes; INVALID_RECIPE where such a class is no expander graph in some matrix, with what would be. */
    public static int of(ParameterSpace space, double density) {
        int classes = nearest(density);
        EligibleTensor tightest = space.tensors().stream()
                .min(Comparator.comparingInt(ClassCount::smallerSide))
                .orElseThrow(() -> invalid("a model without eligible matrices has no expander masks"));
        if (leastDegree(smallerSide(tightest), classes) < RegularDegrees.LEAST) {
            throw invalid(tooSparse(tightest, classes));
        }
        if (classes < FEWEST) {
            throw invalid(
                    ("density %s is nearer to all weights than to the half of them, the densest expander mask: choose"
                                    + " a density of at most 0.6666, or a method without a fixed mask")
                            .formatted(density));
        }
        return classes;
    }

    private static int nearest(double density) {
        if (!(density > 0 && density <= 1)) {
            throw invalid("density must lie in (0, 1]: " + density);
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.round(1 / density));
    }

    private static int smallerSide(EligibleTensor tensor) {
        return Math.min(tensor.rows(), tensor.columns());
    }

    /**
     * Fewest entries that a class has in any line of so many cells. Where the classes do not divide the line its last block
     * is cropped, and in some lines the entry of that block is beyond the matrix.
     */
    private static int leastDegree(int length, int classes) {
        return length / classes;
    }

    private static String tooSparse(EligibleTensor tensor, int classes) {
        int most = smallerSide(tensor) / RegularDegrees.LEAST;
        String wayOut = most < FEWEST
                ? "the matrix is too small for any, use random masks"
                : "choose a density of at least " + NumberText.fixed(Math.ceil(1e4 / most) / 1e4, 4);
        return "expander masks of density 1/%d give some row of tensor '%s' (%d x %d) %d entries and some column %d, at least %d are needed: %s"
                .formatted(
                        classes,
                        tensor.name(),
                        tensor.rows(),
                        tensor.columns(),
                        leastDegree(tensor.columns(), classes),
                        leastDegree(tensor.rows(), classes),
                        RegularDegrees.LEAST,
                        wayOut);
    }

    private static TessellateException invalid(String message) {
        return new TessellateException(ErrorCode.INVALID_RECIPE, message);
    }
}
