package io.tessellate.experiment.result;

/**
 * How much the masks of an arm have in common, as shares of a mask. Two random masks have as much in common as their density says.
 *
 * @param arm its name
 * @param density mean share of the eligible weights that a mask holds
 * @param acrossSeeds mean over pairs of seeds, of the same task; NaN without a pair
 * @param acrossTasks mean over pairs of tasks, of the same seed; NaN without a pair
 */
public record MaskOverlap(String arm, double density, double acrossSeeds, double acrossTasks) {}
