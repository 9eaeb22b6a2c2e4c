package io.tessellate.engine.backend;

/** A dense row-major matrix laid over a range of a {@link FloatVector}; it owns no memory. A vector is a matrix of one row. */
public interface Matrix {
    /** Number of rows. */
    int rows();

    /** Number of columns. */
    int columns();

    /** The memory under it. */
    FloatVector memory();

    /** Index of its first entry in {@link #memory()}. */
    int offset();

    /** Number of entries. */
    default int size() {
        return rows() * columns();
    }

    /** Copies all entries to the front of an array. */
    default void get(float[] target) {
        memory().get(offset(), target, 0, size());
    }

    /** Sets all entries from the front of an array. */
    default void put(float[] source) {
        memory().put(offset(), source, 0, size());
    }

    /** Sets every entry to zero. */
    default void clear() {
        memory().fill(offset(), size(), 0f);
    }
}
