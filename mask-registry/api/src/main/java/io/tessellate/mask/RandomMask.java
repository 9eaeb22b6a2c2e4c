package io.tessellate.mask;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.random.RandomGenerator;

/** Uniformly random masks: the control every other mask is compared with. */
public final class RandomMask {
    private RandomMask() {}

    /** Exactly k of the candidates, every such set equally likely. CAPACITY if there are fewer candidates than k. */
    public static Mask of(Mask candidates, long k, RandomGenerator random) {
        if (k < 0 || k > candidates.cardinality()) {
            throw new TessellateException(
                    ErrorCode.CAPACITY,
                    "%d weights are wanted but %d may be chosen".formatted(k, candidates.cardinality()));
        }
        Mask.Builder selected = Mask.builder(candidates.space());
        // Knuth's algorithm S: each candidate is taken with probability wanted / left.
        long[] wantedAndLeft = {k, candidates.cardinality()};
        for (int t = 0; t < candidates.space().tensorCount(); t++) {
            int tensor = t;
            candidates.forEach(t, index -> {
                if (random.nextLong(wantedAndLeft[1]--) < wantedAndLeft[0]) {
                    wantedAndLeft[0]--;
                    selected.add(tensor, index);
                }
            });
        }
        return selected.build();
    }
}
