package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.MemoryRoom;
import io.tessellate.engine.backend.machine.MachineMemory;
import io.tessellate.engine.backend.owned.OwnedVector;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Vectors that are flat arrays of ND4J. */
public final class Nd4jMemory implements Memory {
    private final AtomicLong allocated = new AtomicLong();
    private final Wrapper wrapper;
    private final Wrapper roundedWrapper;

    /** Memory whose vectors are made by wrappers: those of floats, and those of bf16 numbers. */
    public Nd4jMemory(Wrapper wrapper, Wrapper roundedWrapper) {
        this.wrapper = wrapper;
        this.roundedWrapper = roundedWrapper;
    }

    /** Makes a vector of a fresh array. */
    @FunctionalInterface
    public interface Wrapper {
        /** The vector; {@code allocated} must be told how many bytes more are in use, or less. */
        Nd4jVector wrap(INDArray array, LongConsumer allocated);
    }

    @Override
    public FloatVector allocate(int size) {
        return wrapper.wrap(array(DataType.FLOAT, size), allocated::addAndGet);
    }

    @Override
    public FloatVector allocateRounded(int size) {
        return roundedWrapper.wrap(array(DataType.BFLOAT16, size), allocated::addAndGet);
    }

    private static INDArray array(DataType type, int size) {
        if (size < 1 || size > Integer.MAX_VALUE / Float.BYTES) {
            throw new IllegalArgumentException("a vector needs at least one float and holds at most %d: %d"
                    .formatted(Integer.MAX_VALUE / Float.BYTES, size));
        }
        return Nd4j.create(type, size);
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

    /** Java reaches at most 2^31 - 1 bytes at a time. */
    @Override
    public int largest() {
        return Integer.MAX_VALUE / Float.BYTES;
    }

    @Override
    public long allocatedBytes() {
        return allocated.get();
    }

    /** Of the first GPU, where there is one; else of the machine, of which JavaCPP may use a part. */
    @Override
    public MemoryRoom room() {
        if (!Nd4j.getEnvironment().isCPU()) {
            NativeOps gpu = NativeOpsHolder.getInstance().getDeviceNativeOps();
            long total = gpu.getDeviceTotalMemory(0);
            return new MemoryRoom(total, gpu.getDeviceFreeMemory(0), Long.MAX_VALUE, false, "GPU 0");
        }
        long most = Pointer.maxBytes();
        return MachineMemory.room().vectorsAtMost(most > 0 ? most : Long.MAX_VALUE);
    }

    @Override
    public Matrix matrix(FloatVector memory, int offset, int rows, int columns) {
        if (memory instanceof OwnedVector owned) {
            return owned.matrix(offset, rows, columns);
        }
        Nd4jVector vector = (Nd4jVector) memory;
        return new Nd4jMatrix(vector, offset, rows, columns, vector.views(offset, rows, columns));
    }
}
