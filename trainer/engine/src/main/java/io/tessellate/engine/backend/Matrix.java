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

    /**
     * The same values where the backend computes: this matrix itself, unless its values are kept in fewer bits. Valid until
     * a matrix over the same memory is next asked for this or for a {@link #lookup}.
     */
    default Matrix wide() {
        return this;
    }

    /**
     * The same values rounded to the nearest bf16 numbers, for {@link Products#multiplyRounded} alone: kept beside those in
     * single precision from then on, and following them. For weights, which change less often than they are used; what the
     * kernels of a backend write is not followed. This matrix itself where the backend does not keep them, which rounds it each time.
     */
    default Matrix narrow() {
        return wide();
    }

    /** Where the backend finds some rows; valid as long as {@link #wide}. */
    default Lookup lookup(int... rows) {
        return new Lookup(this, rows);
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
