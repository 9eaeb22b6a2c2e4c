package io.tessellate.engine.backend.torch;

import com.sun.jna.Memory;
import io.tessellate.engine.backend.FloatSource;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.rounded.RoundedParts;
import java.util.Objects;
import java.util.function.LongConsumer;

/** A flat tensor. What goes to it and comes from it passes through memory of the host, a piece at a time. */
final class TorchVector implements FloatVector {
    /** Floats that are on their way at a time. */
    static final int CHUNK = 1 << 20;

    private final Workspaces workspaces;
    private final int type;
    private final Tensor tensor;
    private final int extent;
    private final LongConsumer allocated;
    private final RoundedParts<Tensor> rounded;
    private boolean closed;

    /** Zeros of one of libtorch's types; {@code allocated} is told how many bytes more are in use, or less. */
    TorchVector(Workspaces workspaces, int type, int size, LongConsumer allocated) {
        this.workspaces = workspaces;
        this.type = type;
        this.tensor = Libtorch.empty(workspaces.device(), type, size);
        this.extent = size;
        this.allocated = allocated;
        this.rounded = new RoundedParts<>(new TorchRounded(this, workspaces), allocated);
        Libtorch.clear(tensor);
        allocated.accept(bytes());
    }

    private long bytes() {
        return (long) extent * (isRounded() ? Short.BYTES : Float.BYTES);
    }

    /** Whether it holds bf16 numbers and no others. */
    boolean isRounded() {
        return type == Libtorch.BFLOAT16;
    }

    /** A vector of bf16 numbers from a place on; of others their copies, which follow what is written here. */
    Tensor rounded(int offset, int length, KernelWorkspace work) {
        if (isRounded()) {
            return work.part(tensor(), offset, length);
        }
        tensor();
        return rounded.part(offset, length);
    }

    Tensor tensor() {
        if (closed) {
            throw new IllegalStateException("the vector is closed");
        }
        return tensor;
    }

    @Override
    public int size() {
        return extent;
    }

    void checkRange(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, extent);
    }

    private Tensor range(int offset, int length) {
        return Libtorch.view(tensor(), offset, new long[] {length}, new long[] {1});
    }

    @Override
    public void get(int offset, float[] target, int from, int length) {
        Objects.checkFromIndexSize(from, length, target.length);
        checkRange(offset, length);
        inPieces(length, (memory, staged, done, count) -> {
            try (Tensor range = range(offset + done, count)) {
                Libtorch.copy(staged, range);
            }
            memory.read(0, target, from + done, count);
        });
    }

    @Override
    public void put(int offset, float[] source, int from, int length) {
        Objects.checkFromIndexSize(from, length, source.length);
        checkRange(offset, length);
        inPieces(length, (memory, staged, done, count) -> {
            memory.write(0, source, from + done, count);
            assign(offset + done, count, staged);
        });
    }

    @Override
    public void fillFrom(int offset, int length, FloatSource source) {
        checkRange(offset, length);
        inPieces(length, (memory, staged, done, count) -> {
            source.read(
                    done,
                    count,
                    memory.getByteBuffer(0, (long) Float.BYTES * count).asFloatBuffer());
            assign(offset + done, count, staged);
        });
    }

    private void assign(int offset, int count, Tensor staged) {
        try (Tensor range = range(offset, count)) {
            Libtorch.copy(range, staged);
        }
        rounded.wrote(offset, count);
    }

    /** What is done with a piece, which lies in memory of the host and is a tensor there. */
    @FunctionalInterface
    private interface Piece {
        void move(Memory memory, Tensor staged, int done, int count);
    }

    private static void inPieces(int length, Piece piece) {
        if (length == 0) {
            return;
        }
        try (Memory memory = new Memory((long) Float.BYTES * Math.min(length, CHUNK))) {
            for (int done = 0; done < length; done += CHUNK) {
                int count = Math.min(CHUNK, length - done);
                try (Tensor staged = Libtorch.over(memory, Libtorch.FLOAT32, count)) {
                    piece.move(memory, staged, done, count);
                }
            }
        }
    }

    @Override
    public void gather(int[] indices, float[] target, int count) {
        Objects.checkFromIndexSize(0, count, Math.min(indices.length, target.length));
        if (count == 0) {
            return;
        }
        checkPlaces(indices, count);
        try (KernelWorkspace work = workspaces.open()) {
            Tensor found = work.floats(count);
            if (isRounded()) {
                Tensor narrow = work.brainFloats(count);
                Operators.select(tensor(), work.places(indices, count), narrow);
                Libtorch.copy(found, narrow);
            } else {
                Operators.select(tensor(), work.places(indices, count), found);
            }
            found.read(target, count);
        }
    }

    @Override
    public void scatter(int[] indices, float[] source, int count) {
        Objects.checkFromIndexSize(0, count, Math.min(indices.length, source.length));
        if (count == 0) {
            return;
        }
        checkPlaces(indices, count);
        try (KernelWorkspace work = workspaces.open()) {
            Tensor values = work.upload(source, count);
            Operators.assign(tensor(), work.places(indices, count), isRounded() ? work.rounded(values, count) : values);
        }
        rounded.wrote(indices, count);
    }

    private void checkPlaces(int[] indices, int count) {
        for (int i = 0; i < count; i++) {
            Objects.checkIndex(indices[i], extent);
        }
    }

    @Override
    public void fill(int offset, int length, float value) {
        checkRange(offset, length);
        if (length > 0) {
            try (Tensor range = range(offset, length)) {
                Operators.fill(range, value);
            }
            rounded.wrote(offset, length);
        }
    }

    @Override
    public void copyFrom(FloatVector source) {
        if (source.size() != extent) {
            throw new IllegalArgumentException(
                    "a vector of %d floats cannot copy one of %d".formatted(extent, source.size()));
        }
        Libtorch.copy(tensor(), ((TorchVector) source).tensor());
        rounded.wrote(0, extent);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            allocated.accept(-bytes());
            rounded.close();
            tensor.close();
        }
    }
}
