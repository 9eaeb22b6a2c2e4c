package io.tessellate.engine.storage;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import java.util.Arrays;

/** Values in 32 bits each, in the backend's memory. */
final class WholeSection implements Section {
    private final Backend backend;
    private final FloatVector memory;

    WholeSection(Backend backend, int size) {
        this.backend = backend;
        this.memory = backend.memory().allocate(size);
    }

    FloatVector memory() {
        return memory;
    }

    Matrix matrix(int place, int rows, int columns) {
        return backend.memory().matrix(memory, place, rows, columns);
    }

    @Override
    public int size() {
        return memory.size();
    }

    @Override
    public void get(int place, float[] target, int from, int count) {
        memory.get(place, target, from, count);
    }

    @Override
    public float get(int place) {
        return memory.toArray(place, 1)[0];
    }

    @Override
    public boolean put(int place, float[] source, int from, int count) {
        memory.put(place, source, from, count);
        return true;
    }

    @Override
    public boolean assign(Run run, int first) {
        int[] places = Arrays.copyOfRange(run.indices(), run.from(), run.to());
        for (int i = 0; i < places.length; i++) {
            places[i] -= first;
        }
        memory.scatter(places, Arrays.copyOfRange(run.values(), run.from(), run.to()), places.length);
        return true;
    }

    @Override
    public boolean sameMemoryAs(Section other) {
        return other instanceof WholeSection whole && memory.sameMemoryAs(whole.memory);
    }

    @Override
    public Section copy() {
        WholeSection copy = new WholeSection(backend, size());
        copy.memory.copyFrom(memory);
        return copy;
    }

    @Override
    public void close() {
        memory.close();
    }
}
