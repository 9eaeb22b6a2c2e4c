package io.tessellate.engine.train.checkpoint;

import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The bytes of a checkpoint: magic, format version, body, SHA-256 over all before it; big-endian. The body's fields follow
 * each other as {@link Checkpoint} lists them, lists with their length in front, a row of floats as a list of blocks, a mask
 * as the words of one bitmap per tensor. It is written and read a piece at a time, so its length has no limit.
 */
final class CheckpointCodec {
    private static final int MAGIC = 0x54534C43;
    private static final int VERSION = 4;
    private static final int HEADER = 2 * Integer.BYTES;
    private static final int DIGEST = 32;
    /** Numbers that are turned into bytes at a time. */
    private static final int CHUNK = 1 << 13;

    private final ParameterSpace space;

    CheckpointCodec(ParameterSpace space) {
        this.space = space;
    }

    void encode(Checkpoint checkpoint, OutputStream target) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        DataOutputStream out = new DataOutputStream(new DigestOutputStream(target, digest));
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        write(checkpoint, out);
        out.flush();
        target.write(digest.digest());
    }

    private void write(Checkpoint checkpoint, DataOutputStream out) throws IOException {
        out.write(checkpoint.job().bytes());
        out.writeInt(checkpoint.phase().ordinal());
        out.writeInt(checkpoint.part());
        out.writeLong(checkpoint.step());
        out.writeInt(checkpoint.past().choices().size());
        for (Mask mask : checkpoint.past().choices()) {
            writeMask(out, mask);
        }
        writeBlocks(out, checkpoint.past().left().all());
        out.writeDouble(checkpoint.losses().smoothed());
        out.writeDouble(checkpoint.losses().tailSum());
        out.writeLong(checkpoint.losses().tailCount());
        out.writeDouble(checkpoint.stop().best());
        out.writeInt(checkpoint.stop().misses());
        writeBlocks(out, checkpoint.stop().values().all());
        writeBlocks(out, checkpoint.values().all());
        writeBlocks(out, checkpoint.state());
    }

    private int words(int tensor) {
        return (space.tensor(tensor).size() + Long.SIZE - 1) / Long.SIZE;
    }

    private void writeMask(DataOutputStream out, Mask mask) throws IOException {
        for (int t = 0; t < mask.space().tensorCount(); t++) {
            long[] words = new long[words(t)];
            mask.forEach(t, index -> words[index >> 6] |= 1L << index);
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * CHUNK);
            for (int done = 0; done < words.length; done += CHUNK) {
                int count = Math.min(CHUNK, words.length - done);
                bytes.clear().asLongBuffer().put(words, done, count);
                out.write(bytes.array(), 0, Long.BYTES * count);
            }
        }
    }

    private static void writeBlocks(DataOutputStream out, List<float[]> blocks) throws IOException {
        out.writeInt(blocks.size());
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * CHUNK);
        for (float[] block : blocks) {
            out.writeInt(block.length);
            for (int done = 0; done < block.length; done += CHUNK) {
                int count = Math.min(CHUNK, block.length - done);
                bytes.clear().asFloatBuffer().put(block, done, count);
                out.write(bytes.array(), 0, Float.BYTES * count);
            }
        }
    }

    /** Reads a file through once to check it, then once more for what it says; MALFORMED_FILE if it is damaged. */
    Checkpoint decode(Path file) throws IOException {
        long size = Files.size(file);
        require(size >= HEADER + DIGEST, "is cut off after %d bytes".formatted(size));
        requireChecksum(file, size);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), CHUNK))) {
            require(in.readInt() == MAGIC, "has another magic number");
            int version = in.readInt();
            require(version == VERSION, "has format version %d, not %d".formatted(version, VERSION));
            return read(in, size);
        }
    }

    private static void requireChecksum(Path file, long size) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] chunk = new byte[Long.BYTES * CHUNK];
            for (long left = size - DIGEST; left > 0; ) {
                int read = in.read(chunk, 0, (int) Math.min(chunk.length, left));
                require(read > 0, "became shorter while it was read");
                digest.update(chunk, 0, read);
                left -= read;
            }
            require(Arrays.equals(digest.digest(), in.readNBytes(DIGEST)), "does not match its checksum");
        }
    }

    private Checkpoint read(DataInputStream in, long size) throws IOException {
        Sha256 job = new Sha256(HexFormat.of().formatHex(in.readNBytes(DIGEST)));
        Phase phase = Phase.values()[in.readInt()];
        int part = in.readInt();
        long step = in.readLong();
        List<Mask> choices = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            choices.add(readMask(in));
        }
        var past = new Checkpoint.Past(choices, FloatBlocks.of(readBlocks(in, size)));
        var losses = new LossMeter.State(in.readDouble(), in.readDouble(), in.readLong());
        var stop = new EarlyStop.State(in.readDouble(), in.readInt(), FloatBlocks.of(readBlocks(in, size)));
        FloatBlocks values = FloatBlocks.of(readBlocks(in, size));
        return new Checkpoint(job, phase, part, step, past, losses, stop, values, readBlocks(in, size));
    }

    private Mask readMask(DataInputStream in) throws IOException {
        Mask.Builder mask = Mask.builder(space);
        for (int t = 0; t < space.tensorCount(); t++) {
            for (int w = 0; w < words(t); w++) {
                for (long rest = in.readLong(); rest != 0; rest &= rest - 1) {
                    mask.add(t, (w << 6) + Long.numberOfTrailingZeros(rest));
                }
            }
        }
        return mask.build();
    }

    private static List<float[]> readBlocks(DataInputStream in, long size) throws IOException {
        List<float[]> blocks = new ArrayList<>();
        byte[] chunk = new byte[Float.BYTES * CHUNK];
        for (int left = in.readInt(); left > 0; left--) {
            int length = in.readInt();
            require(length >= 0 && length <= size / Float.BYTES, "has an array of " + length + " numbers");
            float[] block = new float[length];
            for (int done = 0; done < length; done += CHUNK) {
                int count = Math.min(CHUNK, length - done);
                in.readFully(chunk, 0, Float.BYTES * count);
                ByteBuffer.wrap(chunk).asFloatBuffer().get(block, done, count);
            }
            blocks.add(block);
        }
        return blocks;
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new TessellateException(ErrorCode.MALFORMED_FILE, "checkpoint " + problem);
        }
    }
}
