package io.tessellate.engine.backend.torch;

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
