package io.tessellate.engine.method;

import java.util.Map;

/** A way to choose the weights that a task may change. Stateless. */
public interface Method {
    /** The name in a recipe. */
    String name();

    /** Recipe fields whose defaults differ from those all methods share. */
    Map<String, Object> defaults();

    /**
     * Chooses the weights of one task. May train on them first through {@code calibration}, whose effect on the weights is
     * undone before the task's real training begins.
     */
    MaskPlan plan(MaskRequest request, Calibration calibration);
}
