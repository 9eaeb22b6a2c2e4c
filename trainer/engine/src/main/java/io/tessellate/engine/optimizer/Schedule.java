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
    },
    /**
     * Falls along half a cosine and would reach zero one step after the last (Loshchilov and Hutter 2017, <a
     * href="https://arxiv.org/abs/1608.03983">1608.03983</a>, one period).
     */
    COSINE {
        @Override
        double afterWarmup(long step, long steps) {
            return (1 + Math.cos(Math.PI * step / steps)) / 2;
        }
    };

    /** The name in a recipe. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Factor on the peak rate at a step counted from 0.
     *
     * @param warmup steps over which the rate rises; beyond {@code steps} it only rises
     */
    public double factor(long step, long steps, long warmup) {
        if (step < warmup) {
            return (step + 1.0) / (warmup + 1.0);
        }
        return afterWarmup(step - warmup, steps - warmup);
    }

    abstract double afterWarmup(long step, long steps);
}
