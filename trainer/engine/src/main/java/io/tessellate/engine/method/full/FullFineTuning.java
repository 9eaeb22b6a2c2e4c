package io.tessellate.engine.method.full;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.method.MethodName;

/** Every weight of the encoder is trained, whoever owns it: the baseline. */
public final class FullFineTuning implements Method {
    @Override
    public MethodName name() {
        return MethodName.FULL;
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return new MaskPlan.Everything();
    }
}
