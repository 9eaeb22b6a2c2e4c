package io.tessellate.engine.backend;

import java.util.List;

/** Flat vectors of floats, and matrices laid over them. Both belong to the backend that made them. */
public interface Memory {
    /** A new vector of zeros, to be closed by the caller. */
    FloatVector allocate(int size);

    /**
     * A new vector of zeros that keeps bf16 numbers: what is written is rounded to the nearest. Its matrices go into {@link
     * Products#multiplyRounded} as A or B, and into nothing else. To be closed by the caller.
     */
    FloatVector allocateRounded(int size);

    /**
     * New vectors of zeros that keep only the floats at some places: the rest reads as 0 and what is written there is
     * dropped. Of all operations only products of the form A^T B may go into matrices over them; they may compute just what
     * is kept. The vectors share what a whole product needs, so no two of them may take part in one at a time. To be closed
     * by the caller.
     *
     * @param sizes how many floats each stands for
     * @param places what is kept of each, ascending; not copied, and must not change
     */
    List<FloatVector> allocateOnly(int[] sizes, int[][] places);

    /** One such vector. */
    default FloatVector allocateOnly(int size, int[] places) {
        return allocateOnly(new int[] {size}, new int[][] {places}).get(0);
    }

    /** Most floats that one vector can hold. */
    int largest();

    /** Bytes of all vectors allocated here and not yet closed. */
    long allocatedBytes();

    /** How much memory there is where the vectors lie. */
    MemoryRoom room();

    /** A matrix over the entries of {@code memory} from {@code offset} on. */
    Matrix matrix(FloatVector memory, int offset, int rows, int columns);
}
