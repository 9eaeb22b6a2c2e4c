package io.tessellate.engine.method.full;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import java.util.Map;

/** Every weight of the encoder is trained, whoever owns it: the baseline. */
public final class FullFineTuning implements Method {
    @Override
    public String name() {
        return "full";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of("density", 1.0, "learningRate", 5e-4, "replayShare", 0.0);
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return new MaskPlan.Everything();
    }
}
