package io.tessellate.engine.recipe;

/**
 * How the share of replay goes over the steps of a phase. A step's share is the recipe's times the weight; over all steps
 * the weights' mean is 1.
 */
public enum ReplaySchedule {
    /** Stays as it is: 1. */
    CONSTANT {
        @Override
        public double weight(long step, long steps) {
            return 1;
        }
    },
    /** Rises from nothing to twice the share: {@code (2 step + 1) / steps}, steps counted from 0. */
    RISING {
        @Override
        public double weight(long step, long steps) {
            return (2.0 * step + 1) / steps;
        }
    },
    /** Falls from twice the share to nothing: {@code (2 (steps - step) - 1) / steps}. */
    FALLING {
        @Override
        public double weight(long step, long steps) {
            return (2.0 * (steps - step) - 1) / steps;
        }
    },
    /**
     * Falls where it falls: so many examples are shuffled among the own ones, and make steps with them. The mean share of each
     * step is the same.
     */
    MIXED {
        @Override
        public double weight(long step, long steps) {
            return 1;
        }
    };

    /** What the share is multiplied with in a step counted from 0. */
    public abstract double weight(long step, long steps);
}
