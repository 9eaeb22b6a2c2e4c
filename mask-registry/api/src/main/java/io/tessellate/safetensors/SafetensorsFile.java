package io.tessellate.safetensors;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file open for reading. The header is read and checked at once, tensors are mapped into memory as they are
 * asked for, so that a file may be larger than the heap. Safe for use by many threads until it is closed.
 */
public final class SafetensorsFile implements Closeable {
    /** Longest header that is read; the format's own limit. */
    static final long MAX_HEADER = 100_000_000;

    private static final int MAP_ELEMENTS = 1 << 26;

    private final Path path;
    private final FileChannel channel;
    private final Header header;
    private final long dataStart;
    private final Map<String, TensorInfo> byName;

    private SafetensorsFile(Path path, FileChannel channel, Header header, long dataStart) {
        this.path = path;
        this.channel = channel;
        this.header = header;
        this.dataStart = dataStart;
        Map<String, TensorInfo> names = new LinkedHashMap<>();
        header.tensors().forEach(tensor -> names.put(tensor.name(), tensor));
        this.byName = Collections.unmodifiableMap(names);
    }

    /** Opens a file; refuses it with MALFORMED_FILE unless its header describes its bytes exactly. */
    public static SafetensorsFile open(Path path) {
        try {
            return open(path, FileChannel.open(path, StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
            throw new TessellateException(ErrorCode.STORAGE, path + " does not exist", e);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static SafetensorsFile open(Path path, FileChannel channel) throws IOException {
        try {
            long size = channel.size();
            long length = headerLength(channel, size);
            byte[] json = bytes(channel, Long.BYTES, Math.toIntExact(length));
            long dataStart = Long.BYTES + length;
            return new SafetensorsFile(path, channel, Header.parse(json, size - dataStart), dataStart);
        } catch (MalformedHeaderException e) {
            channel.close();
            throw new TessellateException(ErrorCode.MALFORMED_FILE, path + ": " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static long headerLength(FileChannel channel, long size) throws IOException, MalformedHeaderException {
        if (size < Long.BYTES + 2) {
            throw new MalformedHeaderException("%d bytes are too few for a safetensors file".formatted(size));
        }
        long length = ByteBuffer.wrap(bytes(channel, 0, Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        long limit = Math.min(MAX_HEADER, size - Long.BYTES);
        if (length < 2 || length > limit) {
            throw new MalformedHeaderException(
                    "the header's length must be 2 to %d: %s".formatted(limit, Long.toUnsignedString(length)));
        }
        return length;
    }

    private static byte[] bytes(FileChannel channel, long position, int count)
            throws IOException, MalformedHeaderException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new MalformedHeaderException("the file ends at byte " + (position + buffer.position()));
            }
        }
        return buffer.array();
    }

    /** Where the file lies. */
    public Path path() {
        return path;
    }

    /** The file's own key-value pairs. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** Bytes of all tensors together. */
    public long dataLength() {
        List<TensorInfo> tensors = tensors();
        return tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
    }

    /** All tensors in the order of their bytes. */
    public List<TensorInfo> tensors() {
        return header.tensors();
    }

    /** All names in the order of their bytes. */
    public List<String> tensorNames() {
        return List.copyOf(byName.keySet());
    }

    /** Whether a tensor is there. */
    public boolean contains(String name) {
        return byName.containsKey(name);
    }

    /** What the header says of a tensor; TENSOR_MISMATCH if there is none of that name. */
    public TensorInfo info(String name) {
        TensorInfo info = byName.get(name);
        if (info == null) {
            throw new TessellateException(ErrorCode.TENSOR_MISMATCH, "%s has no tensor '%s'".formatted(path, name));
        }
        return info;
    }

    /** All values of a float tensor. */
    public float[] read(String name) {
        TensorInfo info = info(name);
        float[] values = new float[arrayLength(info, info.elements())];
        readInto(name, values, 0);
        return values;
    }

    /** All values of a float tensor, into an array from {@code offset} on. */
    public void readInto(String name, float[] target, int offset) {
        int count = arrayLength(info(name), info(name).elements());
        readInto(name, FloatBuffer.wrap(target, offset, count));
    }

    /** All values of a float tensor, into a buffer from its position on. */
    public void readInto(String name, FloatBuffer target) {
        read(name, 0, info(name).elements(), target);
    }

    /** Some values of a float tensor, from flat index {@code first} on. */
    public void read(String name, long first, long count, FloatBuffer target) {
        TensorInfo info = info(name);
        if (!info.dtype().readableAsFloat()) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "%s: tensor '%s' of dtype %s cannot be read as floats".formatted(path, name, info.dtype()));
        }
        if (first < 0 || count < 0 || first > info.elements() - count) {
            throw new IndexOutOfBoundsException(
                    "tensor '%s' has %d elements: %d from %d".formatted(name, info.elements(), count, first));
        }
        for (long done = 0; done < count; done += MAP_ELEMENTS) {
            int n = (int) Math.min(MAP_ELEMENTS, count - done);
            FloatCodec.decode(info.dtype(), map(info, first + done, n), target, n);
        }
    }

    /** The bytes of a tensor of any type, as they lie in the file. */
    public byte[] bytes(String name) {
        TensorInfo info = info(name);
        byte[] bytes = new byte[arrayLength(info, info.byteLength())];
        map(info, 0, (int) info.elements()).get(bytes);
        return bytes;
    }

    /** Where a tensor lies, to be read piece by piece and also after this file is closed. */
    public TensorRegion region(String name) {
        TensorInfo info = info(name);
        return new TensorRegion(path, dataStart + info.begin(), info);
    }

    /**
     * Some values of a tensor where they lie, mapped: nothing is read before it is used, and whoever else maps the file uses
     * the same memory. Valid also after this file is closed; the file must not be changed as long as it is used.
     *
     * @param count at most 2^31 - 1 bytes of values
     */
    public ByteBuffer mapped(String name, long first, int count) {
        TensorInfo info = info(name);
        if (first < 0 || count < 0 || first > info.elements() - count) {
            throw new IndexOutOfBoundsException(
                    "tensor '%s' has %d elements: %d from %d".formatted(name, info.elements(), count, first));
        }
        return map(info, first, count);
    }

    private ByteBuffer map(TensorInfo info, long first, int count) {
        int width = info.dtype().bytes();
        try {
            return channel.map(MapMode.READ_ONLY, dataStart + info.begin() + first * width, (long) count * width)
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private int arrayLength(TensorInfo info, long length) {
        if (length > Integer.MAX_VALUE - 8) {
            throw new TessellateException(
                    ErrorCode.TOO_LARGE,
                    "%s: tensor '%s' of shape %s is too large for one array"
                            .formatted(path, info.name(), info.shape()));
        }
        return (int) length;
    }

    private static TessellateException unreadable(Path path, IOException cause) {
        return StorageFailure.of(path + " cannot be read", cause);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }
}
