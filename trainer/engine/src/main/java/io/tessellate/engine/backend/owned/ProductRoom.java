package io.tessellate.engine.backend.owned;

import io.tessellate.engine.backend.FloatVector;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Memory for whole products that several vectors share, as long as the largest of them needs; freed with the last of them. */
final class ProductRoom {
    private int users;
    private @Nullable FloatVector memory;

    ProductRoom(int users) {
        this.users = users;
    }

    /** Memory of at least so many floats, allocated when it is needed first. */
    FloatVector atLeast(int floats, Supplier<FloatVector> allocate) {
        FloatVector found = memory;
        if (found == null || found.size() < floats) {
            free();
            found = allocate.get();
            memory = found;
        }
        return found;
    }

    /** One of the vectors needs it no more. */
    void leave() {
        users--;
        if (users == 0) {
            free();
        }
    }

    private void free() {
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
