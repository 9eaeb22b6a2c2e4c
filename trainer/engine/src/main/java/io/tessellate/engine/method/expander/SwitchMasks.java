package io.tessellate.engine.method.expander;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.mask.expander.SwitchedClasses;
import java.util.Map;

/**
 * Disjoint biregular masks of any degree: the first class of a colouring mixed by switches that holds no owned weight. The
 * colouring follows from the shapes and the density alone, so that all tasks of one density, whatever their seeds, draw from
 * one partition. Needs no calibration.
 */
public final class SwitchMasks implements Method {
    /** The same for everyone: a recipe's own seed would make partitions that cross each other. */
    private static final long SEED = 0;

    @Override
    public String name() {
        return "switches";
    }

    @Override
    public Map<String, Object> defaults() {
        return Map.of("learningRate", 4e-3);
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        SwitchedClasses classes = new SwitchedClasses(
                request.space(), request.density(), SEED, request.grant().sharedMask());
        return MaskPlan.Entries.of(classes.firstFree(request.owned()));
    }
}
