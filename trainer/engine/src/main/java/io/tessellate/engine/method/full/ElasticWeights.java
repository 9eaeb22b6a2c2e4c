package io.tessellate.engine.method.full;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.method.MethodName;

/**
 * Elastic weight consolidation (Kirkpatrick et al. 2017, <a href="https://arxiv.org/abs/1612.00796">1612.00796</a>): full
 * fine-tuning whose loss gains {@code elasticity / 2 x sum over i of F_i (w_i - w*_i)^2}, F the Fisher information of the
 * earlier tasks and w* the parent version's values.
 */
public final class ElasticWeights implements Method {
    @Override
    public MethodName name() {
        return MethodName.EWC;
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return new MaskPlan.Everything();
    }
}
