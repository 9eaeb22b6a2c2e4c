package io.tessellate.engine.train.gradient;

import java.util.function.DoubleSupplier;

/**
 * The loss on held-out examples, by which training stops early. Checked at the end of every epoch and of the phase.
 *
 * @param loss at the values that weights and head have now
 */
public record Validation(int stepsPerEpoch, long steps, DoubleSupplier loss) {
    /** Whether it is to be checked after so many steps. */
    public boolean due(long step) {
        return step % stepsPerEpoch == 0 || step == steps;
    }
}
