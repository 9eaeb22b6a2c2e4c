package io.tessellate.engine.backend.owned;

import io.tessellate.engine.backend.Matrix;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A matrix over a vector that keeps some entries only. Products A^T B are all that can be added to it.
 *
 * @param first index of its first kept entry among the vector's values
 * @param entries flat indices of what is kept, ascending
 * @param runs the same as diagonals, where computing along them is faster than the whole product
 */
public record OwnedMatrix(
        OwnedVector memory,
        int offset,
        int rows,
        int columns,
        int first,
        int[] entries,
        @Nullable DiagonalRuns runs) implements Matrix {

    /** Adds the kept entries of a whole product, [rows, columns] row-major from the beginning of {@code product}. */
    public void add(Matrix product) {
        float[] found = new float[entries.length];
        product.memory().gather(entries, found, entries.length);
        add(found);
    }

    /** Adds a value to each kept entry, in their order. */
    public void add(float[] found) {
        float[] values = memory.values();
        for (int i = 0; i < entries.length; i++) {
            values[first + i] += found[i];
        }
    }

    /** What a backend keeps beside the entries, which never change; made when it is asked for first, freed with the vector. */
    public OwnedVector.Attachment attachment(Supplier<? extends OwnedVector.Attachment> make) {
        return memory.attachment(offset, size(), make);
    }
}
