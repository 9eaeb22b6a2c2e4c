package io.tessellate.engine.method.lowrank;

import io.tessellate.engine.lowrank.FactorStart;
import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.method.MethodName;

/**
 * LoRA (Hu et al. 2022, <a href="https://arxiv.org/abs/2106.09685">2106.09685</a>): each targeted matrix W becomes
 * {@code W + alpha / rank B A}, of which only B [rows, rank] and A [rank, columns] are trained. A is drawn, B starts at zero.
 * Every entry of the matrices changes, whoever owns it: a baseline for models with shared ownership.
 */
public final class Lora implements Method {
    @Override
    public MethodName name() {
        return MethodName.LORA;
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return new MaskPlan.LowRank(request.any(), FactorStart.RANDOM);
    }
}
