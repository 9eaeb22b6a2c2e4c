package io.tessellate.engine.storage;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Lookup;
import io.tessellate.engine.backend.Matrix;
import java.util.stream.IntStream;

/** A matrix over a {@link ShortVector}. */
record ShortMatrix(ShortVector vector, int offset, int rows, int columns) implements Matrix {
    @Override
    public FloatVector memory() {
        return vector;
    }

    @Override
    public Matrix wide() {
        return vector.widened(this);
    }

    @Override
    public Matrix narrow() {
        return vector.narrowed(this);
    }

    @Override
    public Lookup lookup(int... ids) {
        return new Lookup(
                vector.widened(this, ids), IntStream.range(0, ids.length).toArray());
    }
}
