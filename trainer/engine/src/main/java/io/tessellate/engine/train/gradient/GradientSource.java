package io.tessellate.engine.train.gradient;

import io.tessellate.engine.values.FloatBlocks;

/** Gives a phase its gradients, step after step, at the values that weights and heads have at the time. */
public interface GradientSource extends AutoCloseable {
    /** Computes the gradient of the next step, and returns the mean loss of the step's own examples. */
    double compute(long step);

    /** Which of the phase's heads that step went through, counted from 0. */
    int head();

    /**
     * Reads the gradient into one compact row: of the trained values, then a block for each head.
     *
     * @param values the trained values, which their gradient may depend on
     */
    void read(FloatBlocks values, FloatBlocks into);

    @Override
    void close();
}
