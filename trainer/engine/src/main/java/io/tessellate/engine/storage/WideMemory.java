package io.tessellate.engine.storage;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import org.jspecify.annotations.Nullable;

/** Memory of the backend that matrices in 16 bits are widened into, one at a time; as large as the largest so far. */
final class WideMemory implements AutoCloseable {
    private final Backend backend;
    private @Nullable FloatVector memory;

    WideMemory(Backend backend) {
        this.backend = backend;
    }

    /** A matrix over it, valid until the next is asked for. */
    Matrix matrix(int rows, int columns) {
        int size = Math.multiplyExact(rows, columns);
        FloatVector found = memory;
        if (found == null || found.size() < size) {
            close();
            found = backend.memory().allocate(size);
            memory = found;
        }
        return backend.memory().matrix(found, 0, rows, columns);
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
