package io.tessellate.engine.backend.torch;

import com.sun.jna.Memory;

/** Values on their way between a device and the heap, through memory of the host. */
final class Transfer {
    private Transfer() {}

    /** Reads the first so many floats of a flat tensor of that many. */
    static void read(Tensor tensor, float[] target, int count) {
        try (Memory memory = new Memory((long) Float.BYTES * count);
                Tensor staged = Libtorch.over(memory, Libtorch.FLOAT32, count)) {
            Libtorch.copy(staged, tensor);
            memory.read(0, target, 0, count);
        }
    }

    /** A tensor of as many values as the sizes say, from the front of an array; to be closed by the caller. */
    static Tensor upload(TorchDevice device, float[] values, long... sizes) {
        int count = count(sizes);
        try (Memory memory = new Memory((long) Float.BYTES * count)) {
            memory.write(0, values, 0, count);
            return upload(device, Libtorch.FLOAT32, memory, sizes);
        }
    }

    static Tensor upload(TorchDevice device, long[] values, long... sizes) {
        int count = count(sizes);
        try (Memory memory = new Memory((long) Long.BYTES * count)) {
            memory.write(0, values, 0, count);
            return upload(device, Libtorch.INT64, memory, sizes);
        }
    }

    private static Tensor upload(TorchDevice device, int type, Memory memory, long... sizes) {
        int count = count(sizes);
        Tensor target = Libtorch.empty(device, type, sizes);
        try (Tensor flat = Libtorch.view(target, 0, new long[] {count}, new long[] {1});
                Tensor source = Libtorch.over(memory, type, count)) {
            Libtorch.copy(flat, source);
        }
        return target;
    }

    private static int count(long... sizes) {
        long count = 1;
        for (long size : sizes) {
            count *= size;
        }
        return Math.toIntExact(count);
    }
}
