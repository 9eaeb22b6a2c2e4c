package io.tessellate.engine.train;

import io.tessellate.engine.recipe.Phase;

/**
 * How far a run is.
 *
 * @param phase part of the run
 * @param step optimiser steps done in this phase
 * @param steps optimiser steps of this phase
 * @param loss smoothed training loss
 * @param secondsLeft estimated seconds to the end of the phase
 */
public record TrainingProgress(Phase phase, long step, long steps, double loss, double secondsLeft) {}
