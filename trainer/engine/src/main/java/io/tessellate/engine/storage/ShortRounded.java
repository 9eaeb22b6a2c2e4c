package io.tessellate.engine.storage;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.rounded.RoundedStore;
import java.util.Arrays;

/** Matrices of a vector as bf16 numbers in the backend's memory, where products of such numbers take them. */
record ShortRounded(ShortVector vector, Backend backend) implements RoundedStore<FloatVector> {
    @Override
    public FloatVector allocate(int size) {
        return backend.memory().allocateRounded(size);
    }

    @Override
    public void round(FloatVector rounded, int offset, int from, int to) {
        rounded.fillFrom(
                from, to - from, (first, count, target) -> target.put(vector.toArray(offset + from + first, count)));
    }

    @Override
    public void roundEach(FloatVector rounded, int offset, int[] indices, int from, int to) {
        int[] places = Arrays.copyOfRange(indices, from, to);
        float[] values = new float[places.length];
        vector.gather(places, values, places.length);
        for (int i = 0; i < places.length; i++) {
            places[i] -= offset;
        }
        rounded.scatter(places, values, places.length);
    }

    @Override
    public void free(FloatVector rounded) {
        rounded.close();
    }
}
