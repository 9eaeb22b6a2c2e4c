package io.tessellate.engine.method;

import io.tessellate.mask.Mask;
import io.tessellate.method.MethodName;
import io.tessellate.method.Trait;

/** A way to choose the weights that a task may change. Stateless. */
public interface Method {
    /** The name in a recipe, which says what it claims and which traits it has. */
    MethodName name();

    /** The weights it would choose from. */
    default Mask candidates(PlanRequest request) {
        return name().has(Trait.MAY_OVERLAP) ? request.any() : request.free();
    }

    /**
     * Chooses the weights of one task. May train on them first through {@code calibration}, whose effect on the weights is
     * undone before the task's real training begins.
     */
    MaskPlan plan(PlanRequest request, Calibration calibration);
}
