package io.tessellate.engine.backend.forwarding;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.MemoryRoom;
import java.util.List;

/** Memory that is another backend's but for what it overrides. */
public interface ForwardingMemory extends Memory {
    /** The other's. */
    Memory memory();

    @Override
    default FloatVector allocate(int size) {
        return memory().allocate(size);
    }

    @Override
    default FloatVector allocateRounded(int size) {
        return memory().allocateRounded(size);
    }

    @Override
    default List<FloatVector> allocateOnly(int[] sizes, int[][] places) {
        return memory().allocateOnly(sizes, places);
    }

    @Override
    default int largest() {
        return memory().largest();
    }

    @Override
    default long allocatedBytes() {
        return memory().allocatedBytes();
    }

    @Override
    default MemoryRoom room() {
        return memory().room();
    }

    @Override
    default Matrix matrix(FloatVector memory, int offset, int rows, int columns) {
        return memory().matrix(memory, offset, rows, columns);
    }
}
