package io.tessellate.engine.train.entries;

import io.tessellate.engine.values.FloatBlocks;
import java.util.List;

/**
 * Draws some values back to where they started, stronger and stronger: after each step the change d of each of them is
 * {@code d (1 - c)}, decoupled from the optimiser, whose normalisation would cancel a gradient of it (Bai et al. 2022 add the gradient, to
 * plain SGD). The strength c, the product of rate and penalty, follows from the step alone: it rises as a power of the place in the ramp and is
 * held from there on.
 *
 * <p>The power p is such that the first half of the ramp takes a quarter of an e-folding from what changed at its beginning, {@code c N (1/2)^(p+1) /
 * (p+1) = 1/4}, whatever its number of steps N: in the middle values have gone four fifths of the way that they would have gone freely,
 * and have something to hand over when they are drawn back. Rising linearly, c would be felt after {@code sqrt(2 / N)} of the ramp, and nothing would
 * ever have moved far.
 *
 * @param anchor the values before training
 * @param drawn for each block which of its values are drawn back
 * @param ramp number of steps over which the strength rises
 * @param power of the rise
 */
public record RisingPenalty(FloatBlocks anchor, List<int[]> drawn, long ramp, double power) implements Penalty {
    /**
     * Largest product of rate and penalty. An optimiser that normalises pushes every weight by about one rate per step for
     * ever, and (1 - product) / product of such pushes stay standing: with less than this, what is removed could be felt.
     */
    private static final double STRONGEST = 0.995;

    /** E-foldings that the first half of a ramp takes. */
    private static final double AT_FIRST = 0.25;

    private static final int HALVINGS = 60;
    private static final double MOST = 64;

    /** A penalty that rises over so many steps. */
    public static RisingPenalty over(FloatBlocks anchor, List<int[]> drawn, long ramp) {
        return new RisingPenalty(anchor, drawn, ramp, power(ramp));
    }

    /** By halving: the longer the ramp, the later it has to rise. At least 1. */
    private static double power(long ramp) {
        double low = 1;
        double high = MOST;
        for (int n = 0; n < HALVINGS; n++) {
            double middle = (low + high) / 2;
            boolean tooMuch = STRONGEST * (ramp + 1) * Math.pow(0.5, middle + 1) / (middle + 1) > AT_FIRST;
            low = tooMuch ? middle : low;
            high = tooMuch ? high : middle;
        }
        return low;
    }

    /** The product of rate and penalty at a step. */
    double strength(long step) {
        return STRONGEST * Math.pow(Math.min(1, (step + 1.0) / (ramp + 1)), power);
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
