package io.tessellate.engine.method.expander;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.method.MethodName;

/**
 * One class of a quasi-cyclic lift: biregular, disjoint from every other class, known before any training and stored as
 * three numbers. Needs no calibration. Where tasks share their weights, classes are given out again once all are.
 */
public final class ExpanderMasks implements Method {
    @Override
    public MethodName name() {
        return MethodName.EXPANDER;
    }

    @Override
    public MaskPlan plan(PlanRequest request, Calibration calibration) {
        ExpanderClass lift = request.grant()
                .lift()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_RECIPE,
                        "method expander needs a reserved class of a lift and none was granted"));
        MaskPlan.Entries plan = MaskPlan.Entries.of(
                new QuasiCyclicLift(request.space(), lift.lift(), lift.seed(), lift.shared()), lift.index());
        long overlap = plan.mask().intersectionSize(request.owned());
        if (overlap > 0 && !request.grant().mayOverlap()) {
            throw new TessellateException(
                    ErrorCode.OVERLAP,
                    "class %d of lift %d holds %d weights that earlier tasks own"
                            .formatted(lift.index(), lift.lift(), overlap));
        }
        return plan;
    }
}
