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
        Draw draw = new Draw(random, k, candidates.cardinality());
        for (int t = 0; t < candidates.space().tensorCount(); t++) {
            draw.from(candidates, t, selected);
        }
        return selected.build();
    }

    /** For each tensor exactly {@code k[tensor]} of its candidates; fails like {@link #of}. */
    public static Mask perTensor(Mask candidates, int[] k, RandomGenerator random) {
        Mask.Builder selected = Mask.builder(candidates.space());
        for (int t = 0; t < candidates.space().tensorCount(); t++) {
            if (k[t] < 0 || k[t] > candidates.cardinality(t)) {
                throw new TessellateException(
                        ErrorCode.CAPACITY,
                        "%d weights of tensor '%s' are wanted but %d may be chosen"
                                .formatted(k[t], candidates.space().tensor(t).name(), candidates.cardinality(t)));
            }
            new Draw(random, k[t], candidates.cardinality(t)).from(candidates, t, selected);
        }
        return selected.build();
    }

    /** Knuth's algorithm S: each candidate is taken with probability wanted / left. */
    private static final class Draw {
        private final RandomGenerator random;
        private long wanted;
        private long left;

        private Draw(RandomGenerator random, long wanted, long left) {
            this.random = random;
            this.wanted = wanted;
            this.left = left;
        }

        private void from(Mask candidates, int tensor, Mask.Builder selected) {
            candidates.forEach(tensor, index -> {
                if (random.nextLong(left--) < wanted) {
                    wanted--;
                    selected.add(tensor, index);
                }
            });
        }
    }
}
