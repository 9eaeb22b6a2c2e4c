package io.tessellate.engine.model.text;

import io.tessellate.engine.model.batch.ProvenShapes;
import java.util.Arrays;

/**
 * How likely some completions of one example are.
 *
 * @param losses the summed -log p of each
 * @param hidden the vectors that their tokens are predicted from, one behind the other
 */
public record Likelihoods(double[] losses, float[] hidden) {
    /** Whether both hold the same bits. */
    public boolean same(Likelihoods other) {
        return Arrays.equals(losses, other.losses) && ProvenShapes.sameBits(hidden, other.hidden);
    }
}
