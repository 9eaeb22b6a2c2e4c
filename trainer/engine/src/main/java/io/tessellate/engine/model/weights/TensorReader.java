package io.tessellate.engine.model.weights;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Optional;

/** Values of tensors that are read in parts, for example from files. */
@FunctionalInterface
public interface TensorReader {
    /** Puts {@code count} values of a tensor, the first of which is number {@code first}, at the target's position. */
    void read(ParameterTensor tensor, int first, int count, FloatBuffer target);

    /** The same values where they lie, if they are bf16 numbers that can be used there and never change; else nothing. */
    default Optional<ShortBuffer> inPlace(ParameterTensor tensor, int first, int count) {
        return Optional.empty();
    }
}
