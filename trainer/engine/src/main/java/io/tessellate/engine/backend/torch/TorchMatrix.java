package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.Matrix;

/**
 * A matrix over a vector of libtorch. Its views live for one call each, so that there is nothing to free.
 *
 * @param rounded whether it stands for the values that the vector keeps as bf16 numbers
 */
record TorchMatrix(TorchVector memory, int offset, int rows, int columns, boolean rounded) implements Matrix {
    @Override
    public Matrix narrow() {
        return new TorchMatrix(memory, offset, rows, columns, true);
    }
}
