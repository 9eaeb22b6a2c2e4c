package io.tessellate.engine.optimizer;

import java.util.Locale;

/** The update rules a recipe can name. */
public enum OptimizerKind {
    /** Adam with decoupled weight decay. */
    ADAMW {
        @Override
        public Optimizer create(int size, double weightDecay) {
            return new AdamW(size, weightDecay);
        }

        @Override
        public int slots() {
            return 2;
        }
    },
    /** RMSProp with zero initial state. */
    RMSPROP {
        @Override
        public Optimizer create(int size, double weightDecay) {
            return new RmsProp(size, weightDecay);
        }

        @Override
        public int slots() {
            return 1;
        }
    };

    /** The name in a recipe. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A fresh optimiser for so many trained values. */
    public abstract Optimizer create(int size, double weightDecay);

    /** Floats of its state for each trained value. */
    public abstract int slots();
}
