package io.tessellate.engine.method.random;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import java.util.Map;

/**
 * Exactly k of the free weights, every choice of k equally likely, drawn by the recipe's seed. Looks at no data. Wants a
 * larger learning rate the smaller the density is (Xu and Zhang 2024): compare only at tuned rates.
 */
public final class RandomMasks implements Method {
    @Override
    public String name() {
        return "random";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of("learningRate", 4e-3);
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return MaskPlan.Entries.of(request.selection(request.free()).drawn(calibration.random()));
    }
}
