package io.tessellate.engine.backend.torch;

import com.sun.jna.Memory;

/** A tensor of libtorch; to be closed by whoever made it. */
final class Tensor implements Argument, AutoCloseable {
    private long handle;

    /** Takes over a handle. */
    Tensor(long handle) {
        this.handle = handle;
    }

    /** Strides of a dense row-major tensor. */
    static long[] rowMajor(long... sizes) {
        long[] strides = new long[sizes.length];
        long next = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = next;
            next *= sizes[i];
        }
        return strides;
    }

    /** Reads a flat tensor of so many floats to the front of an array, through memory of the host. */
    void read(float[] target, int count) {
        try (Memory memory = new Memory((long) Float.BYTES * count);
                Tensor staged = Libtorch.over(memory, Libtorch.FLOAT32, count)) {
            Libtorch.copy(staged, this);
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

    long handle() {
        if (handle == 0) {
            throw new IllegalStateException("the tensor is closed");
        }
        return handle;
    }

    @Override
    public long word() {
        return Libtorch.reference(this);
    }

    @Override
    public void close() {
        if (handle != 0) {
            long closing = handle;
            handle = 0;
            Libtorch.delete(closing);
        }
    }
}
