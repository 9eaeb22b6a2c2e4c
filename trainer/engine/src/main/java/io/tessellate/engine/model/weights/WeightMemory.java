package io.tessellate.engine.model.weights;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.storage.ShortVector;
import java.util.ArrayList;
import java.util.List;

/** What weights lie in: 32 bits for each, or 16 for those of matrices that a file holds as BF16. */
sealed interface WeightMemory {
    /** One vector for each segment of their layout. */
    List<FloatVector> segments();

    /** A matrix over some entries of a segment. */
    Matrix matrix(int segment, int offset, int rows, int columns);

    /** The same values, changed on their own. */
    WeightMemory copy();

    /** The backend's own memory. */
    record Floats(Backend backend, List<FloatVector> segments) implements WeightMemory {
        @Override
        public Matrix matrix(int segment, int offset, int rows, int columns) {
            return backend.memory().matrix(segments.get(segment), offset, rows, columns);
        }

        @Override
        public WeightMemory copy() {
            List<FloatVector> copies = new ArrayList<>();
            for (FloatVector segment : segments) {
                FloatVector copy = backend.memory().allocate(segment.size());
                copy.copyFrom(segment);
                copies.add(copy);
            }
            return new Floats(backend, List.copyOf(copies));
        }
    }

    /** Frozen values in 16 bits, which copies share. */
    record Shorts(List<ShortVector> vectors) implements WeightMemory {
        @Override
        public List<FloatVector> segments() {
            return List.copyOf(vectors);
        }

        @Override
        public Matrix matrix(int segment, int offset, int rows, int columns) {
            return vectors.get(segment).matrix(offset, rows, columns);
        }

        @Override
        public WeightMemory copy() {
            return new Shorts(ShortVector.copies(vectors));
        }
    }
}
