package io.tessellate.engine.method.lottery;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.engine.method.Selection;
import io.tessellate.mask.Mask;

/**
 * Extraction as LoTA does it: exactly k of the candidates, those that calibration changed most. Where the recipe asks for a
 * first ticket, calibration is done twice, the second time on the ticket alone, and the mask is part of the ticket.
 */
final class LargestChange {
    private LargestChange() {}

    /** Chooses among the candidates; does not calibrate when all of them are wanted anyway. */
    static MaskPlan among(Mask candidates, PlanRequest request, Calibration calibration) {
        Selection selection = request.selection(candidates);
        if (request.size().ticketDensity() > 0) {
            selection = selection.among(chosen(request.ticket(candidates), calibration));
        }
        return MaskPlan.Entries.of(chosen(selection, calibration));
    }

    private static Mask chosen(Selection selection, Calibration calibration) {
        return selection.isAll() ? selection.candidates() : calibration.largestChange(selection);
    }
}
