package io.tessellate.engine.train.entries;

import io.tessellate.engine.values.FloatBlocks;
import java.util.List;

/**
 * Draws some values back to where they started, stronger and stronger: after each step the change d of each of them is
 * {@code d (1 - rate x lambda_t)}, decoupled from the optimiser, whose normalisation would cancel a gradient of it. What the
 * product of rate and lambda is follows from the step alone: it rises linearly over the ramp and is held from there on.
 *
 * @param anchor the values before training
 * @param drawn for each block which of its values are drawn back
 * @param ramp number of steps over which the strength rises
 */
public record RisingPenalty(FloatBlocks anchor, List<int[]> drawn, long ramp) implements Penalty {
    /**
     * Largest product of rate and lambda. An optimiser that normalises pushes every weight by about one rate per step for
     * ever, and (1 - product) / product of such pushes stay standing: with less than this, what is removed could be felt.
     */
    private static final double STRONGEST = 0.99;

    /** The product of rate and lambda at a step. */
    double strength(long step) {
        return STRONGEST * Math.min(1, (step + 1.0) / (ramp + 1));
    }

    @Override
    public void afterStep(FloatBlocks values, long step) {
        float keep = (float) (1 - strength(step));
        for (int b = 0; b < drawn.size(); b++) {
            float[] of = values.block(b);
            float[] anchors = anchor.block(b);
            for (int n : drawn.get(b)) {
                of[n] = anchors[n] + keep * (of[n] - anchors[n]);
            }
        }
    }
}
