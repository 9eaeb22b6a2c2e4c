package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory for the matrices of one pass at a time: one vector, or several where one cannot hold them all. Each matrix lies in one
 * of them, the first that has room; what is laid anew lies over what was laid before.
 */
final class PassMemory implements AutoCloseable {
    private final Backend backend;
    private final long floats;
    private final int largest;
    private final List<FloatVector> vectors = new ArrayList<>();
    private final List<Integer> used = new ArrayList<>();
    private long needed;
    private long laid;

    /**
     * Memory of so many floats, which matrices take as they are laid.
     *
     * @param floats what all matrices of a pass need together
     * @param largest most floats of one vector, unless a matrix has more
     */
    PassMemory(Backend backend, long floats, int largest) {
        this.backend = backend;
        this.floats = floats;
        this.needed = floats;
        this.largest = largest;
    }

    /** How many floats it has room for. */
    long floats() {
        return floats;
    }

    /** Begins anew, with a pass that needs so many floats. */
    void rewind(long floats) {
        needed = floats;
        laid = 0;
        used.replaceAll(before -> 0);
    }

    /** The next matrix. */
    Matrix take(int rows, int columns) {
        long size = ((long) rows * columns + Arena.ALIGNMENT - 1) / Arena.ALIGNMENT * Arena.ALIGNMENT;
        laid += size;
        if (laid > needed) {
            throw new IllegalStateException("a pass that needs %d floats takes %d".formatted(needed, laid));
        }
        int v = 0;
        while (v < vectors.size() && used.get(v) + size > vectors.get(v).size()) {
            v++;
        }
        if (v == vectors.size()) {
            vectors.add(backend.memory().allocate(extent(size)));
            used.add(0);
        }
        Matrix matrix = backend.memory().matrix(vectors.get(v), used.get(v), rows, columns);
        used.set(v, Math.toIntExact(used.get(v) + size));
        return matrix;
    }

    /** The rest of what the pass needs, as far as one vector holds it. */
    private int extent(long size) {
        return Math.toIntExact(Math.max(size, Math.min(largest, needed - laid + size)));
    }

    @Override
    public void close() {
        vectors.forEach(FloatVector::close);
    }
}
