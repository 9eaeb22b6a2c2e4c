package io.tessellate.engine.train.gradient;

/** Gives a phase its gradients, step after step, at the values that weights and heads have at the time. */
public interface GradientSource extends AutoCloseable {
    /** Computes the gradient of the next step, and returns the mean loss of the step's own examples. */
    double compute(long step);

    /** Which of the phase's heads that step went through, counted from 0. */
    int head();

    /**
     * Reads the gradient into one compact array: of the trained values, then of the heads.
     *
     * @param values the trained values, which their gradient may depend on
     */
    void read(float[] values, float[] into);

    @Override
    void close();
}
