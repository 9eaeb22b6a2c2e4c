package io.tessellate.engine.model.weights;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.storage.SharedVector;
import io.tessellate.engine.storage.ShortVector;
import java.util.List;

/** What weights lie in: 32 bits for each, or 16 for those of matrices that a file holds as BF16. */
sealed interface WeightMemory {
    /** One vector for each segment of their layout. */
    List<FloatVector> segments();

    /** A matrix over some entries of a segment. */
    Matrix matrix(int segment, int offset, int rows, int columns);

    /** The same values, changed on their own. */
    WeightMemory copy();

    /** Has a segment lie where nothing else does, for it will be written to. */
    void own(int segment);

    /** How often any of the vectors took other memory, over which matrices must be laid anew. */
    int moves();

    /** The backend's own memory, which copies share segment by segment until one of them is written. */
    record Floats(List<SharedVector> vectors) implements WeightMemory {
        /** A segment whose tensors are read. */
        static SharedVector read(
                Backend backend, ParameterLayout layout, ParameterLayout.Segment segment, TensorReader reader) {
            SharedVector vector = new SharedVector(backend, segment.size());
            try {
                for (ParameterTensor tensor : layout.tensors(segment)) {
                    vector.fillFrom(
                            segment.index(tensor.offset()),
                            tensor.size(),
                            (first, count, target) -> reader.read(tensor, first, count, target));
                }
                return vector;
            } catch (RuntimeException e) {
                vector.close();
                throw e;
            }
        }

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
            return new Floats(vectors.stream().map(SharedVector::copy).toList());
        }

        @Override
        public void own(int segment) {
            vectors.get(segment).own();
        }

        @Override
        public int moves() {
            return vectors.stream().mapToInt(SharedVector::moves).sum();
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

        /** Its vectors in 32 bits are no one else's. */
        @Override
        public void own(int segment) {}

        @Override
        public int moves() {
            return 0;
        }
    }
}
