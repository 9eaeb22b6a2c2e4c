package io.tessellate.engine.method.lottery;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.method.MethodName;

/**
 * Lottery ticket together optimisation (<a href="https://arxiv.org/abs/2406.16797">2406.16797</a>) for any number of
 * tasks: like LoTA, but calibration moves only weights that no earlier task owns, so masks are disjoint by construction
 * and account for what the owned weights can no longer do.
 */
public final class Lotto implements Method {
    @Override
    public MethodName name() {
        return MethodName.LOTTO;
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return LargestChange.among(candidates(request), request, calibration);
    }
}
