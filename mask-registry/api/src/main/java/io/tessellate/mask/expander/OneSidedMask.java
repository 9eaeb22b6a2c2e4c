package io.tessellate.mask.expander;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.MaskDegrees;
import io.tessellate.mask.ParameterSpace;
import java.util.random.RandomGenerator;

/**
 * Random masks that are regular on one side, as <a href="https://arxiv.org/abs/1711.08757">Deep Expander Networks</a> draws
 * them: in each row of a matrix with fewer rows than columns, else in each column, the same number of entries, every choice of
 * the candidates equally likely. The degrees of the other side are whatever comes out.
 */
public final class OneSidedMask implements MaskStructure {
    @Override
    public Mask find(Mask owned, double density, boolean shared, RandomGenerator random) {
        return of(Mask.all(owned.space()).minus(owned), density, random);
    }

    @Override
    public boolean holds(MaskDegrees degrees) {
        return degrees.oneSided();
    }

    /**
     * At most this share of every matrix. INVALID_RECIPE if that leaves a matrix without an entry, CAPACITY if a row or column
     * has fewer candidates than entries are wanted.
     */
    public static Mask of(Mask candidates, double density, RandomGenerator random) {
        Mask.Builder mask = Mask.builder(candidates.space());
        for (int t = 0; t < candidates.space().tensorCount(); t++) {
            EligibleTensor tensor = candidates.space().tensor(t);
            Lines lines = Lines.of(tensor);
            int wanted = wanted(tensor, lines, density);
            int[] found = new int[lines.length];
            for (int line = 0; line < lines.count; line++) {
                int free = 0;
                for (int place = 0; place < lines.length; place++) {
                    int index = lines.index(line, place);
                    if (candidates.contains(t, index)) {
                        found[free++] = index;
                    }
                }
                requireEnough(tensor, lines, line, free, wanted);
                for (int n = 0; n < wanted; n++) {
                    int drawn = n + random.nextInt(free - n);
                    mask.add(t, found[drawn]);
                    found[drawn] = found[n];
                }
            }
        }
        return mask.build();
    }

    @Override
    public long size(ParameterSpace eligible, double density) {
        return eligible.tensors().stream()
                .mapToLong(tensor -> {
                    Lines lines = Lines.of(tensor);
                    return (long) lines.count * wanted(tensor, lines, density);
                })
                .sum();
    }

    private static int wanted(EligibleTensor tensor, Lines lines, double density) {
        int wanted = RegularDegrees.share(density, lines.length);
        if (wanted == 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_RECIPE,
                    "density %s gives a %s of tensor '%s' (%d x %d) no entry"
                            .formatted(density, lines.name(), tensor.name(), tensor.rows(), tensor.columns()));
        }
        return wanted;
    }

    private static void requireEnough(EligibleTensor tensor, Lines lines, int line, int free, int wanted) {
        if (free < wanted) {
            throw new TessellateException(
                    ErrorCode.CAPACITY,
                    "%s %d of tensor '%s' (%d x %d) has %d free weights and %d are wanted"
                            .formatted(
                                    lines.name(), line, tensor.name(), tensor.rows(), tensor.columns(), free, wanted));
        }
    }

    /** The rows or the columns of a matrix, whichever are fewer; of a square one the columns. */
    private record Lines(int count, int length, boolean areRows) {
        static Lines of(EligibleTensor tensor) {
            return tensor.rows() < tensor.columns()
                    ? new Lines(tensor.rows(), tensor.columns(), true)
                    : new Lines(tensor.columns(), tensor.rows(), false);
        }

        int index(int line, int place) {
            return areRows ? line * length + place : place * count + line;
        }

        String name() {
            return areRows ? "row" : "column";
        }
    }
}
