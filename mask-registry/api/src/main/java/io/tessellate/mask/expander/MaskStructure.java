package io.tessellate.mask.expander;

import io.tessellate.mask.Mask;
import io.tessellate.mask.MaskDegrees;
import io.tessellate.mask.ParameterSpace;
import java.util.random.RandomGenerator;

/**
 * A family of masks that have the same number of weights in every row of a tensor, in every column, or both: how large such a
 * mask is, how one is found among the weights that are free, and how it is told from another. Stateless. Needs no data.
 */
public interface MaskStructure {
    /** How many weights a mask of this density has; INVALID_RECIPE where there is none. */
    long size(ParameterSpace eligible, double density);

    /**
     * A mask that shares no weight with {@code owned}; CAPACITY where what is free holds none.
     *
     * @param density share of each tensor; degrees are rounded down
     * @param shared whether tensors of one shape get the same mask, for structures in which that means something
     * @param random follows from the recipe's seed; a structure that gives the same masks to everyone leaves it alone
     */
    Mask find(Mask owned, double density, boolean shared, RandomGenerator random);

    /** Whether a mask of these degrees in a tensor is one, none of its weights left out. */
    default boolean holds(MaskDegrees degrees) {
        return degrees.regular();
    }
}
