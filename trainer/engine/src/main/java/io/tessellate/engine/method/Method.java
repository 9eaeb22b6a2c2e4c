package io.tessellate.engine.method;

import io.tessellate.mask.Mask;
import java.util.Map;

/** A way to choose the weights that a task may change. Stateless. */
public interface Method {
    /** The name in a recipe. */
    String name();

    /** Recipe fields whose defaults differ from those all methods share. */
    Map<String, Object> defaults();

    /** The weights it would choose from. */
    default Mask candidates(PlanRequest request) {
        return request.free();
    }

    /**
     * Chooses the weights of one task. May train on them first through {@code calibration}, whose effect on the weights is
     * undone before the task's real training begins.
     */
    MaskPlan plan(PlanRequest request, Calibration calibration);
}
