package io.tessellate.mask.expander;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.SplitMix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Disjoint expander masks of any degree: each matrix is coloured in intervals, the cells are mixed by {@link ColourSwitches},
 * and class t is colour t. Every row has the same number of entries of a class, and every column, up to one where the numbers
 * do not divide. Everything follows from the seed, the shapes and the density, so class t is the same for everyone.
 *
 * <p>Tensors of one shape share the mixing; each then has its rows and columns permuted by its own name, which changes no
 * singular value, unless the mask is to be shared by all of them.
 */
final class SwitchedClasses {
    private final ParameterSpace space;
    private final List<Part> parts = new ArrayList<>();
    private final int classes;

    /**
     * The classes of a model's eligible weights. INVALID_RECIPE if a tensor is too small for the density.
     *
     * @param density share of each class; the degree is rounded down
     * @param seed everything random follows from it
     * @param shared whether all tensors of one shape have the same mask
     */
    public SwitchedClasses(ParameterSpace space, double density, long seed, boolean shared) {
        this.space = space;
        Map<String, ColourSwitches> ofShape = new HashMap<>();
        int most = Integer.MAX_VALUE;
        for (EligibleTensor tensor : space.tensors()) {
            RegularDegrees degrees = RegularDegrees.ofExpander(tensor, density);
            ColourSwitches colours = ofShape.computeIfAbsent(
                    tensor.rows() + "/" + tensor.columns() + '/' + degrees.ofRow(),
                    shape -> ColourSwitches.mixed(degrees, seed));
            parts.add(shared ? Part.asIs(colours, tensor) : Part.scrambled(colours, tensor, seed));
            most = Math.min(most, degrees.classes());
        }
        this.classes = most;
    }

    /** So many tasks find room. */
    public int classes() {
        return classes;
    }

    /** All weights of a class. */
    public Mask mask(int index) {
        Mask.Builder mask = Mask.builder(space);
        for (int t = 0; t < parts.size(); t++) {
            parts.get(t).addTo(mask, t, index);
        }
        return mask.build();
    }

    /** The first class without an owned weight; CAPACITY if there is none. */
    public Mask firstFree(Mask owned) {
        for (int index = 0; index < classes; index++) {
            if (isFree(index, owned)) {
                return mask(index);
            }
        }
        throw new TessellateException(
                ErrorCode.CAPACITY,
                "each of the %d classes holds a weight that is owned, though %d weights are free one by one"
                        .formatted(classes, space.size() - owned.cardinality()));
    }

    /** Looks tensor by tensor: an owned class is mostly told by its first. */
    private boolean isFree(int index, Mask owned) {
        for (int t = 0; t < parts.size(); t++) {
            if (owned.cardinality(t) > 0 && parts.get(t).meets(owned, t, index)) {
                return false;
            }
        }
        return true;
    }

    /** One tensor: the mixed colouring with its rows and columns in an order of the tensor's own. */
    private static final class Part {
        private final ColourSwitches colours;
        private final int[] rows;
        private final int[] columns;

        private Part(ColourSwitches colours, int[] rows, int[] columns) {
            this.colours = colours;
            this.rows = rows;
            this.columns = columns;
        }

        static Part asIs(ColourSwitches colours, EligibleTensor tensor) {
            return new Part(
                    colours,
                    IntStream.range(0, tensor.rows()).toArray(),
                    IntStream.range(0, tensor.columns()).toArray());
        }

        static Part scrambled(ColourSwitches colours, EligibleTensor tensor, long seed) {
            SplitMix random = SplitMix.stream("tessellate-switches/1/tensor/" + seed + '/' + tensor.name());
            return new Part(colours, random.permutation(tensor.rows()), random.permutation(tensor.columns()));
        }

        boolean meets(Mask owned, int tensor, int colour) {
            boolean[] met = {false};
            colours.forEach(
                    colour,
                    (row, column) -> met[0] |= owned.contains(tensor, rows[row] * columns.length + columns[column]));
            return met[0];
        }

        void addTo(Mask.Builder mask, int tensor, int colour) {
            colours.forEach(colour, (row, column) -> mask.add(tensor, rows[row] * columns.length + columns[column]));
        }
    }
}
