package io.tessellate.engine.optimizer;

import java.util.List;

/** An update rule with its state, which has one entry per trained value. */
public interface Optimizer {
    /** Moves the values against the gradient, in place. */
    void step(float[] values, float[] gradient, double learningRate);

    /** The live state in a fixed order, to be written to a checkpoint or overwritten from one. */
    List<float[]> state();

    /** Steps taken so far. */
    long steps();

    /** Continues a count of steps from a checkpoint. */
    void resumeAt(long steps);
}
