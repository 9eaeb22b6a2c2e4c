package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Matrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A matrix and the ND4J view it stands for. */
record Nd4jMatrix(Nd4jVector memory, int offset, int rows, int columns, INDArray array) implements Matrix {
    @Override
    public Matrix narrow() {
        return memory.narrow(this);
    }
}
