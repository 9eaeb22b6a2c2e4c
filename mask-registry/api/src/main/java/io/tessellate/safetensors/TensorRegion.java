package io.tessellate.safetensors;

import io.tessellate.error.DamagedFileException;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * Where one tensor lies in a file. It is read anew whenever it is asked for, piece by piece, and nothing is kept open or in
 * memory between: so a file of any size can be used tensor by tensor. Whoever reads gives a checksum that sees every byte.
 *
 * @param path the file
 * @param position of the tensor's first byte in the file
 * @param info what the file's header says of it
 */
public record TensorRegion(Path path, long position, TensorInfo info) {
    private static final int CHUNK_BYTES = 1 << 18;

    /** Sees some values of a tensor, in their order. */
    @FunctionalInterface
    public interface Piece {
        /** The first {@code count} of the array, which is used again afterwards. */
        void values(float[] values, int count);
    }

    /** All values of a float tensor. */
    public float[] floats(Checksum checksum) {
        float[] values = new float[arrayLength(info.elements())];
        FloatBuffer target = FloatBuffer.wrap(values);
        read(checksum, chunk -> FloatCodec.decode(dtype(), chunk, target, chunk.remaining() / width()));
        return values;
    }

    /** All values of a float tensor, piece by piece. */
    public void floats(Checksum checksum, Piece piece) {
        float[] values = new float[CHUNK_BYTES / width()];
        read(checksum, chunk -> {
            int count = chunk.remaining() / width();
            FloatCodec.decode(dtype(), chunk, FloatBuffer.wrap(values), count);
            piece.values(values, count);
        });
    }

    /** The bytes of a tensor of any type, as they lie in the file. */
    public byte[] bytes(Checksum checksum) {
        byte[] bytes = new byte[arrayLength(info.byteLength())];
        ByteBuffer target = ByteBuffer.wrap(bytes);
        read(checksum, target::put);
        return bytes;
    }

    /** Writes the bytes as they lie in the file. */
    void copyTo(OutputStream out) throws IOException {
        WritableByteChannel target = Channels.newChannel(out);
        try {
            read(new CRC32C(), chunk -> {
                try {
                    target.write(chunk);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private DType dtype() {
        return info.dtype();
    }

    private int width() {
        return info.dtype().bytes();
    }

    private void read(Checksum checksum, Chunk chunk) {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            for (long done = 0; done < info.byteLength(); done += buffer.limit()) {
                buffer.clear().limit((int) Math.min(CHUNK_BYTES, info.byteLength() - done));
                fill(channel, position + done, buffer);
                checksum.update(buffer.array(), 0, buffer.limit());
                chunk.bytes(buffer);
            }
        } catch (NoSuchFileException e) {
            throw new DamagedFileException(path.toString(), "it is gone", e);
        } catch (IOException e) {
            throw StorageFailure.of(path + " cannot be read", e);
        }
    }

    private void fill(FileChannel channel, long from, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new DamagedFileException(path.toString(), "it ends within tensor '%s'".formatted(info.name()));
            }
        }
        buffer.flip();
    }

    private int arrayLength(long length) {
        if (length > Integer.MAX_VALUE - 8) {
            throw new TessellateException(
                    ErrorCode.TOO_LARGE,
                    "%s: tensor '%s' of shape %s is too large for one array"
                            .formatted(path, info.name(), info.shape()));
        }
        return (int) length;
    }

    /** Sees little-endian bytes of whole elements. */
    @FunctionalInterface
    private interface Chunk {
        void bytes(ByteBuffer chunk);
    }
}
