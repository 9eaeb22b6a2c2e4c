package io.tessellate.engine.method;

import io.tessellate.mask.Apportionment;
import io.tessellate.mask.Mask;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.Scores;
import io.tessellate.mask.TopK;
import java.util.random.RandomGenerator;

/** Among which weights a choice is made. Either way the number in total is exact. */
public enum MaskScope {
    /** Among all tensors together. */
    GLOBAL {
        @Override
        Mask highest(Mask candidates, long count, Mask within, Scores scores) {
            return TopK.global(candidates, count, scores);
        }

        @Override
        Mask drawn(Mask candidates, long count, Mask within, RandomGenerator random) {
            return RandomMask.of(candidates, count, random);
        }
    },
    /** In each tensor by itself, of each the same share. */
    TENSOR {
        @Override
        Mask highest(Mask candidates, long count, Mask within, Scores scores) {
            return TopK.perTensor(candidates, Apportionment.of(count, within, candidates), scores);
        }

        @Override
        Mask drawn(Mask candidates, long count, Mask within, RandomGenerator random) {
            return RandomMask.perTensor(candidates, Apportionment.of(count, within, candidates), random);
        }
    };

    /**
     * The candidates of highest score.
     *
     * @param within what a tensor's share is measured by: how many of these weights it has
     */
    abstract Mask highest(Mask candidates, long count, Mask within, Scores scores);

    /** Candidates drawn with equal chances. */
    abstract Mask drawn(Mask candidates, long count, Mask within, RandomGenerator random);
}
