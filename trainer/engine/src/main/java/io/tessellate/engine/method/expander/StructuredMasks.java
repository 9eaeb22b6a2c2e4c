package io.tessellate.engine.method.expander;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.mask.expander.MaskStructure;
import io.tessellate.method.MethodName;

/**
 * Masks that their structure finds among the free weights: as many in every row, in every column, or both. Needs no
 * calibration. One class for all methods that claim a structure.
 *
 * @param name the method
 * @param structure what it claims
 */
public record StructuredMasks(MethodName name, MaskStructure structure) implements Method {
    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        return MaskPlan.Entries.of(structure.find(
                request.owned(), request.density(), request.grant().sharedMask(), calibration.random()));
    }
}
