package io.tessellate.mask.expander;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.SplitMix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A random regular mask among the weights that are still free: for a task nobody knew of when the earlier masks were made. In
 * every matrix it is d perfect matchings at once (a b-matching: d entries per row, as equal as possible per column), found by
 * {@link DegreeMatching}.
 *
 * <p>While all earlier masks are biregular so are the free weights, and a regular bipartite graph has a perfect matching (Hall,
 * König), so there is always one until the last entry is taken. With any other earlier mask there need not be one.
 */
public final class FreeMatching implements MaskStructure {
    @Override
    public long size(ParameterSpace eligible, double density) {
        return RegularDegrees.entries(eligible, density);
    }

    @Override
    public Mask find(Mask owned, double density, boolean shared, RandomGenerator random) {
        return of(owned, density, random.nextLong(), shared);
    }

    /**
     * A mask that shares no weight with {@code owned}. INVALID_RECIPE if a tensor is too small for the density, CAPACITY if the
     * free weights of one hold no such mask.
     *
     * @param density share of each matrix; the degree is rounded down
     * @param seed everything random follows from it, the shapes and what is owned
     * @param shared whether all tensors of one shape get the same mask, free in each of them
     */
    public static Mask of(Mask owned, double density, long seed, boolean shared) {
        ParameterSpace space = owned.space();
        Mask.Builder mask = Mask.builder(space);
        for (Map.Entry<String, List<Integer>> group : groups(space, shared).entrySet()) {
            RegularDegrees degrees =
                    RegularDegrees.ofExpander(space.tensor(group.getValue().get(0)), density);
            SplitMix random =
                    SplitMix.stream("tessellate-matchings/1/" + seed + '/' + degrees.ofRow() + '/' + group.getKey());
            BitMatrix taken = taken(owned, group.getValue());
            DegreeMatching.Result result = DegreeMatching.find(taken, degrees, random);
            if (result.chosen().isEmpty()) {
                throw new TessellateException(ErrorCode.CAPACITY, result.obstacle());
            }
            for (int tensor : group.getValue()) {
                result.chosen()
                        .get()
                        .forEach((row, column) ->
                                mask.add(tensor, row * degrees.tensor().columns() + column));
            }
        }
        return mask.build();
    }

    /** Tensors that get one mask, by what the mask's random numbers are named after. */
    private static Map<String, List<Integer>> groups(ParameterSpace space, boolean shared) {
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (int t = 0; t < space.tensorCount(); t++) {
            EligibleTensor tensor = space.tensor(t);
            String name = shared ? tensor.rows() + " x " + tensor.columns() : tensor.name();
            groups.computeIfAbsent(name, key -> new ArrayList<>()).add(t);
        }
        return groups;
    }

    private static BitMatrix taken(Mask owned, List<Integer> tensors) {
        EligibleTensor shape = owned.space().tensor(tensors.get(0));
        BitMatrix taken = new BitMatrix(shape.rows(), shape.columns());
        for (int tensor : tensors) {
            owned.forEach(tensor, index -> taken.set(index / shape.columns(), index % shape.columns()));
        }
        return taken;
    }
}
