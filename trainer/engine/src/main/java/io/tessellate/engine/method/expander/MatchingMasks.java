package io.tessellate.engine.method.expander;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.mask.expander.FreeMatching;
import java.util.Map;

/**
 * Biregular masks for tasks nobody knew of: random perfect matchings among the weights that are free, drawn by the recipe's
 * seed. Always there while every earlier mask is biregular too. Needs no calibration.
 */
public final class MatchingMasks implements Method {
    @Override
    public String name() {
        return "matchings";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of("learningRate", 4e-3);
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return MaskPlan.Entries.of(FreeMatching.of(
                request.owned(),
                request.density(),
                calibration.random().nextLong(),
                request.grant().sharedMask()));
    }
}
