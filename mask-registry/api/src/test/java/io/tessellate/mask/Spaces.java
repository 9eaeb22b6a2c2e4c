package io.tessellate.mask;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Parameter spaces and masks to test with. */
public final class Spaces {
    private Spaces() {}

    /** Sizes around word boundaries. */
    static ParameterSpace small() {
        return new ParameterSpace(List.of(
                new EligibleTensor("b", 7, 9),
                new EligibleTensor("a", 8, 8),
                new EligibleTensor("c", 5, 13),
                new EligibleTensor("d", 1, 1),
                new EligibleTensor("e", 16, 64)));
    }

    public static ParameterSpace of(int... rowsAndColumns) {
        List<EligibleTensor> tensors = new ArrayList<>();
        for (int n = 0; n < rowsAndColumns.length; n += 2) {
            tensors.add(new EligibleTensor("t" + n / 2, rowsAndColumns[n], rowsAndColumns[n + 1]));
        }
        return new ParameterSpace(tensors);
    }

    /** Each weight with the same probability. */
    public static Mask random(ParameterSpace space, double probability, SplittableRandom random) {
        Mask.Builder mask = Mask.builder(space);
        for (long position = 0; position < space.size(); position++) {
            if (random.nextDouble() < probability) {
                ParameterSpace.Location weight = space.locate(position);
                mask.add(weight.tensor(), weight.index());
            }
        }
        return mask.build();
    }
}
