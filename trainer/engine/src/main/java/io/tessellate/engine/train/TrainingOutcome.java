package io.tessellate.engine.train;

import io.tessellate.mask.adapter.Adapter;

/**
 * What a training came to.
 *
 * @param adapter the task's values, head and lineage
 * @param steps optimiser steps, calibration included
 * @param finalLoss mean loss over the last tenth of the final phase
 */
public record TrainingOutcome(Adapter adapter, long steps, double finalLoss) {}
