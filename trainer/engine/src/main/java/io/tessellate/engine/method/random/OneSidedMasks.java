package io.tessellate.engine.method.random;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.mask.expander.OneSidedMask;
import java.util.Map;

/**
 * Free weights drawn at random by the recipe's seed, the same number in each row of a matrix, or in each column where these are
 * fewer: the masks of <a href="https://arxiv.org/abs/1711.08757">Deep Expander Networks</a>. Looks at no data.
 */
public final class OneSidedMasks implements Method {
    @Override
    public String name() {
        return "one_sided";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of("learningRate", 4e-3);
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return MaskPlan.Entries.of(OneSidedMask.of(request.free(), request.density(), calibration.random()));
    }
}
