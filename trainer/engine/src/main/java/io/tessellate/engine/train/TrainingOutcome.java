package io.tessellate.engine.train;

import io.tessellate.engine.recipe.Recipe;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.recipe.RaceResult;
import java.util.Optional;

/**
 * What a training came to.
 *
 * @param adapter the task's values, head and lineage
 * @param steps optimiser steps, calibration included
 * @param finalLoss mean loss over the last tenth of the final phase
 * @param overwritten how many of its weights earlier tasks own: each keeps its own task view, but the union view has lost
 *     their values, and that no weight has two owners does not hold
 * @param recipe what it was trained with: nothing in it is left open
 * @param race what the race for the fields came to that were left open, if any were
 */
public record TrainingOutcome(
        Adapter adapter, long steps, double finalLoss, long overwritten, Recipe recipe, Optional<RaceResult> race) {
    TrainingOutcome after(RaceResult run) {
        return new TrainingOutcome(adapter, steps, finalLoss, overwritten, recipe, Optional.of(run));
    }
}
