package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.MemoryRoom;
import io.tessellate.engine.backend.owned.OwnedVector;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Vectors that are flat tensors on one device. */
final class TorchMemory implements Memory {
    private final AtomicLong allocated = new AtomicLong();
    private final Workspaces workspaces;

    TorchMemory(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    @Override
    public FloatVector allocate(int size) {
        return vector(Libtorch.FLOAT32, size);
    }

    @Override
    public FloatVector allocateRounded(int size) {
        return vector(Libtorch.BFLOAT16, size);
    }

    private TorchVector vector(int type, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a vector needs at least one float, not " + size);
        }
        return new TorchVector(workspaces, type, size, allocated::addAndGet);
    }

    @Override
    public List<FloatVector> allocateOnly(int[] sizes, int[][] places) {
        List<FloatVector> vectors =
                OwnedVector.several(sizes, places, length -> allocated.addAndGet(-Float.BYTES * length));
        for (int[] kept : places) {
            allocated.addAndGet((long) Float.BYTES * kept.length);
        }
        return vectors;
    }

    /** What is copied a piece at a time must not count past the last int. */
    @Override
    public int largest() {
        return Integer.MAX_VALUE - TorchVector.CHUNK;
    }

    @Override
    public long allocatedBytes() {
        return allocated.get();
    }

    @Override
    public MemoryRoom room() {
        return TorchRuntime.room(workspaces.device());
    }

    @Override
    public Matrix matrix(FloatVector memory, int offset, int rows, int columns) {
        if (memory instanceof OwnedVector owned) {
            return owned.matrix(offset, rows, columns);
        }
        TorchVector vector = (TorchVector) memory;
        vector.tensor();
        vector.checkRange(offset, Math.multiplyExact(rows, columns));
        return new TorchMatrix(vector, offset, rows, columns, vector.isRounded());
    }
}
