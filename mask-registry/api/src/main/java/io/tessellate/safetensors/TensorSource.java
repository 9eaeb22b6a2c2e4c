package io.tessellate.safetensors;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.Supplier;

/** A tensor to be written. Its content is asked for when its turn comes, so that not all need be in memory at once. */
public final class TensorSource {
    private static final int CHUNK = 1 << 14;

    private final String name;
    private final DType dtype;
    private final Shape shape;
    private final Content content;

    private TensorSource(String name, DType dtype, Shape shape, Content content) {
        this.name = Objects.requireNonNull(name, "name");
        this.dtype = dtype;
        this.shape = shape;
        this.content = content;
    }

    /** Single-precision values. */
    public static TensorSource floats(String name, Shape shape, float[] values) {
        requireLength(name, shape, values.length);
        return floats(name, shape, values, 0);
    }

    /** Single-precision values that lie in a longer vector from {@code offset} on. */
    public static TensorSource floats(String name, Shape shape, float[] vector, int offset) {
        int count = Math.toIntExact(shape.elements());
        Objects.checkFromIndexSize(offset, count, vector.length);
        return new TensorSource(name, DType.F32, shape, out -> write(DType.F32, vector, offset, count, out));
    }

    /** Values made when they are needed, in F32, F16 or BF16, rounded to the nearest. */
    public static TensorSource floats(String name, DType dtype, Shape shape, Supplier<float[]> values) {
        if (!dtype.readableAsFloat()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "tensor '%s': floats cannot be written as %s".formatted(name, dtype));
        }
        return new TensorSource(name, dtype, shape, out -> {
            float[] made = values.get();
            requireLength(name, shape, made.length);
            write(dtype, made, 0, made.length, out);
        });
    }

    /** Signed 32-bit integers, made when they are needed. */
    public static TensorSource ints(String name, Shape shape, Supplier<int[]> values) {
        return new TensorSource(name, DType.I32, shape, out -> {
            int[] made = values.get();
            requireLength(name, shape, made.length);
            ByteBuffer buffer = ByteBuffer.allocate(CHUNK * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int done = 0; done < made.length; done += CHUNK) {
                int n = Math.min(CHUNK, made.length - done);
                buffer.clear().asIntBuffer().put(made, done, n);
                out.write(buffer.array(), 0, n * Integer.BYTES);
            }
        });
    }

    /** Little-endian bytes of any type. */
    public static TensorSource bytes(String name, DType dtype, Shape shape, byte[] bytes) {
        if (shape.elements() * dtype.bytes() != bytes.length) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tensor '%s' of shape %s and dtype %s cannot have %d bytes"
                            .formatted(name, shape, dtype, bytes.length));
        }
        return new TensorSource(name, dtype, shape, out -> out.write(bytes));
    }

    /** Little-endian bytes of any type, made when they are needed. */
    public static TensorSource bytes(String name, DType dtype, Shape shape, Supplier<byte[]> bytes) {
        return new TensorSource(
                name,
                dtype,
                shape,
                out -> bytes(name, dtype, shape, bytes.get()).writeTo(out));
    }

    /** The bytes of a tensor in another file, copied piece by piece. */
    public static TensorSource copy(String name, TensorRegion from) {
        return new TensorSource(name, from.info().dtype(), from.info().shape(), out -> from.copyTo(out));
    }

    private static void write(DType dtype, float[] values, int from, int count, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < count; done += CHUNK) {
            int n = Math.min(CHUNK, count - done);
            buffer.clear();
            FloatCodec.encode(dtype, values, from + done, n, buffer);
            out.write(buffer.array(), 0, n * dtype.bytes());
        }
    }

    private static void requireLength(String name, Shape shape, int length) {
        if (shape.elements() != length) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tensor '%s' of shape %s cannot have %d values".formatted(name, shape, length));
        }
    }

    /** The tensor's name. */
    public String name() {
        return name;
    }

    /** Element type it is written in. */
    public DType dtype() {
        return dtype;
    }

    /** Its dimensions. */
    public Shape shape() {
        return shape;
    }

    long byteLength() {
        return Math.multiplyExact(shape.elements(), dtype.bytes());
    }

    /** Makes the content and writes its bytes. */
    public void writeTo(OutputStream out) throws IOException {
        content.writeTo(out);
    }

    @FunctionalInterface
    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }
}
