package io.tessellate.engine.train;

import io.tessellate.mask.adapter.Adapter;

/**
 * What a training came to.
 *
 * @param adapter the task's values, head and lineage
 * @param steps optimiser steps, calibration included
 * @param finalLoss mean loss over the last tenth of the final phase
 * @param overwritten how many of its weights earlier tasks own: each keeps its own task view, but the union view has lost
 *     their values, and that no weight has two owners does not hold
 */
public record TrainingOutcome(Adapter adapter, long steps, double finalLoss, long overwritten) {}
