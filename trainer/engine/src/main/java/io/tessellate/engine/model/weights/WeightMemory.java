package io.tessellate.engine.model.weights;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.storage.ShortVector;

/** What weights lie in: 32 bits for each, or 16 for those of matrices that a file holds as BF16. */
sealed interface WeightMemory {
    /** All of them by their places. */
    FloatVector vector();

    /** A matrix over some of them. */
    Matrix matrix(int offset, int rows, int columns);

    /** The same values, changed on their own. */
    WeightMemory copy();

    /** The backend's own memory. */
    record Floats(Backend backend, FloatVector vector) implements WeightMemory {
        @Override
        public Matrix matrix(int offset, int rows, int columns) {
            return backend.memory().matrix(vector, offset, rows, columns);
        }

        @Override
        public WeightMemory copy() {
            FloatVector copy = backend.memory().allocate(vector.size());
            copy.copyFrom(vector);
            return new Floats(backend, copy);
        }
    }

    /** Frozen values in 16 bits, which copies share. */
    record Shorts(ShortVector vector) implements WeightMemory {
        @Override
        public Matrix matrix(int offset, int rows, int columns) {
            return vector.matrix(offset, rows, columns);
        }

        @Override
        public WeightMemory copy() {
            return new Shorts(vector.copy());
        }
    }
}
