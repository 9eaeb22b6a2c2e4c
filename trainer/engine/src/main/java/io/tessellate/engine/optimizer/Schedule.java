package io.tessellate.engine.optimizer;

import java.util.Locale;

/** How the learning rate goes over a phase, after a linear warm-up. */
public enum Schedule {
    /** Falls linearly and would reach zero one step after the last. */
    LINEAR {
        @Override
        double afterWarmup(long step, long steps) {
            return (double) (steps - step) / steps;
        }
    },
    /** Stays at its peak. */
    CONSTANT {
        @Override
        double afterWarmup(long step, long steps) {
            return 1;
        }
    };

    /** The name in a recipe. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Factor on the peak rate at a step counted from 0.
     *
     * @param warmupShare share of all steps over which the rate rises
     */
    public double factor(long step, long steps, double warmupShare) {
        long warmup = Math.round(warmupShare * steps);
        if (step < warmup) {
            return (step + 1.0) / (warmup + 1.0);
        }
        return afterWarmup(step - warmup, steps - warmup);
    }

    abstract double afterWarmup(long step, long steps);
}
