package io.tessellate.engine.backend.rounded;

/**
 * Where a backend keeps values of one of its vectors as bf16 numbers. All roundings are to the nearest, of two as near to
 * the one whose last bit is 0.
 *
 * @param <T> such values
 */
public interface RoundedStore<T> {
    /** Memory for so many of them, holding anything. */
    T allocate(int size);

    /**
     * Rounds values that lie side by side.
     *
     * @param rounded what begins with the value at {@code offset} of the vector
     * @param from the first value to be rounded, counted from there
     * @param to behind the last
     */
    void round(T rounded, int offset, int from, int to);

    /**
     * Rounds single values.
     *
     * @param rounded what begins with the value at {@code offset} of the vector
     * @param indices places in the vector, ascending
     * @param from the first index that counts
     * @param to behind the last
     */
    void roundEach(T rounded, int offset, int[] indices, int from, int to);

    /** Frees them. */
    void free(T rounded);
}
