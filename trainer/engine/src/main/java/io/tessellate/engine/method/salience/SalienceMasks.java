package io.tessellate.engine.method.salience;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.engine.method.Salience;
import io.tessellate.method.MethodName;

/**
 * Sparse fine-tuning by a salience metric (<a href="https://arxiv.org/abs/2412.13488">2412.13488</a>): the k free weights
 * of highest score, scored at the parent's values and, if the recipe asks for it, again in the middle of training. Unlike
 * there the task's head is trained.
 *
 * @param salience the metric, which gives the method its name
 */
public record SalienceMasks(Salience salience) implements Method {
    @Override
    public MethodName name() {
        return salience.method();
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return MaskPlan.Entries.of(calibration.mostSalient(salience, request.selection(candidates(request))));
    }
}
