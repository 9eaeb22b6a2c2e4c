package io.tessellate.engine.method.salience;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.engine.method.Salience;
import java.util.Locale;
import java.util.Map;

/**
 * Sparse fine-tuning by a salience metric (<a href="https://arxiv.org/abs/2412.13488">2412.13488</a>): the k free weights
 * of highest score, scored at the parent's values and, if the recipe asks for it, again in the middle of training. Unlike
 * there the task's head is trained.
 *
 * @param salience the metric, which gives the method its name
 */
public record SalienceMasks(Salience salience) implements Method {
    @Override
    public String name() {
        return salience.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of("learningRate", 1e-3, "calibrationEpochs", 1.0);
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return MaskPlan.Entries.of(calibration.mostSalient(salience, request.selection(request.free())));
    }
}
