package io.tessellate.engine.method.random;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.method.MethodName;

/**
 * Exactly k of the free weights, every choice of k equally likely, drawn by the recipe's seed. Looks at no data. Wants a
 * larger learning rate the smaller the density is (Xu and Zhang 2024): compare only at tuned rates.
 */
public final class RandomMasks implements Method {
    @Override
    public MethodName name() {
        return MethodName.RANDOM;
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return MaskPlan.Entries.of(request.selection(candidates(request)).drawn(calibration.random()));
    }
}
