package io.tessellate.engine.backend;

/**
 * A flat vector of floats outside the Java heap. Whoever allocates it closes it; after that every use fails. Arrays
 * passed in are read or filled, never kept.
 */
public interface FloatVector extends AutoCloseable {
    /** How many floats it holds. */
    int size();

    /** Copies {@code length} floats from {@code offset} on into {@code target}, starting at {@code from}. */
    void get(int offset, float[] target, int from, int length);

    /** Copies {@code length} floats of {@code source}, starting at {@code from}, to {@code offset} on. */
    void put(int offset, float[] source, int from, int length);

    /** Lets a source write {@code length} floats from {@code offset} on, without an array of all of them between. */
    void fillFrom(int offset, int length, FloatSource source);

    /** Reads single entries: {@code target[i] = this[indices[i]]} for the first {@code count} indices. */
    void gather(int[] indices, float[] target, int count);

    /** Assigns single entries: {@code this[indices[i]] = source[i]} for the first {@code count} indices. */
    void scatter(int[] indices, float[] source, int count);

    /** Sets {@code length} floats from {@code offset} on to one value. */
    void fill(int offset, int length, float value);

    /** Copies everything from a vector of the same backend and size. */
    void copyFrom(FloatVector source);

    /** Whether both surely hold the same floats, for they lie in the same memory; false where nothing is known of that. */
    default boolean sameMemoryAs(FloatVector other) {
        return this == other;
    }

    /** A copy of a range in a new array. */
    default float[] toArray(int offset, int length) {
        float[] copy = new float[length];
        get(offset, copy, 0, length);
        return copy;
    }

    /** Frees the memory. Closing twice is harmless. */
    @Override
    void close();
}
