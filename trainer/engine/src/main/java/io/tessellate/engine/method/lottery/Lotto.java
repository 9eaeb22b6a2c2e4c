package io.tessellate.engine.method.lottery;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import java.util.Map;

/**
 * Lottery ticket together optimisation (<a href="https://arxiv.org/abs/2406.16797">2406.16797</a>) for any number of
 * tasks: like LoTA, but calibration moves only weights that no earlier task owns, so masks are disjoint by construction
 * and account for what the owned weights can no longer do.
 */
public final class Lotto implements Method {
    @Override
    public String name() {
        return "lotto";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of("learningRate", 1e-3, "calibrationEpochs", 1.0);
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return LargestChange.among(request.free(), request, calibration);
    }
}
