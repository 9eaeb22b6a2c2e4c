package io.tessellate.engine.storage;

/** A range of a {@link ShortVector}, with places counted from its beginning. */
interface Section extends AutoCloseable {
    int size();

    /** Copies values to {@code target[from]} on. */
    void get(int place, float[] target, int from, int count);

    /** One value. */
    float get(int place);

    /** Copies values from {@code source[from]} on; false, with nothing changed, if they are too many to keep this way. */
    boolean put(int place, float[] source, int from, int count);

    /**
     * Assigns the values of a run of {@code indices}, counted from {@code first}; false, with nothing changed, if they are
     * too many to keep this way.
     */
    boolean assign(Run run, int first);

    /** Whether both surely hold the same values, for they lie in the same memory. */
    boolean sameMemoryAs(Section other);

    /** The same values, changed on its own. */
    Section copy();

    @Override
    void close();

    /**
     * Part of what is assigned.
     *
     * @param from first element of both arrays
     * @param to behind the last
     */
    record Run(int[] indices, float[] values, int from, int to) {}
}
