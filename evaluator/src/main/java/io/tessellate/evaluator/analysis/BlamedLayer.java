package io.tessellate.evaluator.analysis;

import io.tessellate.mask.LayerName;

/**
 * A layer of the adapter that a drop mostly comes from.
 *
 * @param entries that the adapter sets in it
 * @param undone the union view with the adapter but for this layer
 */
public record BlamedLayer(LayerName layer, long entries, ScoreChange undone) {}
