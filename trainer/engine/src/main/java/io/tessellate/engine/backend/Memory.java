package io.tessellate.engine.backend;

/** Flat vectors of floats, and matrices laid over them. Both belong to the backend that made them. */
public interface Memory {
    /** A new vector of zeros, to be closed by the caller. */
    FloatVector allocate(int size);

    /**
     * A new vector of zeros that keeps only the floats at some places: the rest reads as 0 and what is written there is
     * dropped. Of all operations only products of the form A^T B may go into matrices over it; they may compute just what is
     * kept. To be closed by the caller.
     *
     * @param size how many floats it stands for
     * @param places what is kept, ascending; not copied, and must not change
     */
    FloatVector allocateOnly(int size, int[] places);

    /** Bytes of all vectors allocated here and not yet closed. */
    long allocatedBytes();

    /** How much memory there is where the vectors lie. */
    MemoryRoom room();

    /** A matrix over the entries of {@code memory} from {@code offset} on. */
    Matrix matrix(FloatVector memory, int offset, int rows, int columns);
}
