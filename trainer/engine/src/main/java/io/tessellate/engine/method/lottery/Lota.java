package io.tessellate.engine.method.lottery;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.method.MethodName;

/**
 * Lottery ticket adaptation (<a href="https://arxiv.org/abs/2406.16797">2406.16797</a>): calibrate all eligible weights,
 * keep the k that changed most, start again and train only those. Looks at no owner, so the mask may overlap earlier
 * tasks'; a model with exclusive ownership accepts it only as far as it does not.
 */
public final class Lota implements Method {
    @Override
    public MethodName name() {
        return MethodName.LOTA;
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return LargestChange.among(candidates(request), request, calibration);
    }
}
