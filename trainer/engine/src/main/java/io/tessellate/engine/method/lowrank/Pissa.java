package io.tessellate.engine.method.lowrank;

import io.tessellate.engine.lowrank.FactorStart;
import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.method.MethodName;

/**
 * PiSSA (Meng et al. 2024, <a href="https://arxiv.org/abs/2404.02948">2404.02948</a>): LoRA whose factors start at each
 * matrix's principal singular values and vectors, while what is left of the matrix is frozen. Every entry of the matrices
 * changes, whoever owns it: a baseline for models with shared ownership.
 */
public final class Pissa implements Method {
    @Override
    public MethodName name() {
        return MethodName.PISSA;
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return new MaskPlan.LowRank(request.any(), FactorStart.PRINCIPAL);
    }
}
