package io.tessellate.engine.method;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import io.tessellate.mask.Scores;
import io.tessellate.mask.TopK;

/** Extraction as LoTA does it: exactly k of the candidates, those that calibration changed most, over all tensors. */
public final class LargestChange {
    private LargestChange() {}

    /** Chooses among the candidates; does not calibrate when all of them are wanted anyway. */
    public static MaskPlan among(Mask candidates, MaskRequest request, Calibration calibration) {
        long count = request.count(candidates);
        if (count == candidates.cardinality()) {
            return MaskPlan.Entries.of(candidates);
        }
        Scores scores = calibration.scores(candidates);
        requireEnoughScored(candidates, scores, count);
        return MaskPlan.Entries.of(TopK.global(candidates, count, scores));
    }

    /** With fewer scored weights than wanted the rest would be chosen by position: noise that looks like a mask. */
    private static void requireEnoughScored(Mask candidates, Scores scores, long count) {
        long[] scored = {0};
        for (int t = 0; t < candidates.space().tensorCount(); t++) {
            int tensor = t;
            candidates.forEach(t, index -> scored[0] += scores.at(tensor, index) != 0 ? 1 : 0);
        }
        if (scored[0] < count) {
            throw new TessellateException(
                    ErrorCode.INVALID_RECIPE,
                    "calibration changed only %d weights but the density asks for %d: calibrate longer or lower the density"
                            .formatted(scored[0], count));
        }
    }
}
