package io.tessellate.mask.expander;

import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import java.util.random.RandomGenerator;

/**
 * Disjoint biregular masks of any degree: the first of the {@link SwitchedClasses} that holds no owned weight. The colouring
 * follows from the shapes and the density alone, so that all tasks of one density, whatever their seeds, draw from one
 * partition.
 */
public final class SwitchedMask implements MaskStructure {
    /** The same for everyone: a recipe's own seed would make partitions that cross each other. */
    private static final long SEED = 0;

    @Override
    public long size(ParameterSpace eligible, double density) {
        return RegularDegrees.entries(eligible, density);
    }

    @Override
    public Mask find(Mask owned, double density, boolean shared, RandomGenerator random) {
        return new SwitchedClasses(owned.space(), density, SEED, shared).firstFree(owned);
    }
}
