package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.rounded.RoundedStore;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Values of a vector as bf16 numbers in arrays of ND4J. */
record Nd4jRounded(Nd4jVector vector) implements RoundedStore<INDArray> {
    @Override
    public INDArray allocate(int size) {
        return Nd4j.createUninitialized(DataType.BFLOAT16, size);
    }

    @Override
    public void round(INDArray rounded, int offset, int from, int to) {
        rounded.get(NDArrayIndex.interval(from, to)).assign(vector.range(offset + from, to - from));
    }

    @Override
    public void roundEach(INDArray rounded, int offset, int[] indices, int from, int to) {
        vector.roundEach(rounded, offset, indices, from, to);
    }

    @Override
    public void free(INDArray rounded) {
        rounded.close();
    }
}
