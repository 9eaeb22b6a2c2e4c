package io.tessellate.engine.model.weights;

import java.nio.FloatBuffer;

/** Values of tensors that are read in parts, for example from files. */
@FunctionalInterface
public interface TensorReader {
    /** Puts {@code count} values of a tensor, the first of which is number {@code first}, at the target's position. */
    void read(ParameterTensor tensor, int first, int count, FloatBuffer target);
}
