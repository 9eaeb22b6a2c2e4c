package io.tessellate.engine.train.checkpoint;

import io.tessellate.engine.recipe.Phase;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The bytes of a checkpoint: magic, format version, body length, body, SHA-256 over all before it; big-endian. The body's
 * fields follow each other as {@link Checkpoint} lists them, arrays and lists with their length in front, a mask as the
 * words of one bitmap per tensor.
 */
final class CheckpointCodec {
    private static final int MAGIC = 0x54534C43;
    private static final int VERSION = 3;
    private static final int HEADER = 3 * Integer.BYTES;
    private static final int DIGEST = 32;

    private final ParameterSpace space;

    CheckpointCodec(ParameterSpace space) {
        this.space = space;
    }

    byte[] encode(Checkpoint checkpoint) {
        byte[] body = body(checkpoint);
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + body.length + DIGEST);
        bytes.putInt(MAGIC).putInt(VERSION).putInt(body.length).put(body);
        bytes.put(Sha256.of(Arrays.copyOf(bytes.array(), bytes.position())).bytes());
        return bytes.array();
    }

    private byte[] body(Checkpoint checkpoint) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(checkpoint.job().bytes());
            out.writeInt(checkpoint.phase().ordinal());
            out.writeInt(checkpoint.part());
            out.writeLong(checkpoint.step());
            out.writeInt(checkpoint.past().choices().size());
            for (Mask mask : checkpoint.past().choices()) {
                writeMask(out, mask);
            }
            writeFloats(out, checkpoint.past().left());
            out.writeDouble(checkpoint.losses().smoothed());
            out.writeDouble(checkpoint.losses().tailSum());
            out.writeLong(checkpoint.losses().tailCount());
            out.writeDouble(checkpoint.stop().best());
            out.writeInt(checkpoint.stop().misses());
            writeFloats(out, checkpoint.stop().values());
            writeFloats(out, checkpoint.values());
            out.writeInt(checkpoint.state().size());
            for (float[] slot : checkpoint.state()) {
                writeFloats(out, slot);
            }
        } catch (IOException e) {
            throw new IllegalStateException("an array in memory takes all bytes", e);
        }
        return bytes.toByteArray();
    }

    private int words(int tensor) {
        return (space.tensor(tensor).size() + Long.SIZE - 1) / Long.SIZE;
    }

    private void writeMask(DataOutputStream out, Mask mask) throws IOException {
        for (int t = 0; t < mask.space().tensorCount(); t++) {
            long[] words = new long[words(t)];
            mask.forEach(t, index -> words[index >> 6] |= 1L << index);
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * words.length);
            bytes.asLongBuffer().put(words);
            out.write(bytes.array());
        }
    }

    private static void writeFloats(DataOutputStream out, float[] values) throws IOException {
        out.writeInt(values.length);
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        out.write(bytes.array());
    }

    Checkpoint decode(byte[] bytes) {
        ByteBuffer header = ByteBuffer.wrap(bytes);
        require(bytes.length >= HEADER + DIGEST, "is cut off after %d bytes".formatted(bytes.length));
        require(header.getInt() == MAGIC, "has another magic number");
        int version = header.getInt();
        require(version == VERSION, "has format version %d, not %d".formatted(version, VERSION));
        int length = header.getInt();
        require(length == bytes.length - HEADER - DIGEST, "has a body of another length than it says: " + length);
        byte[] digest = Arrays.copyOfRange(bytes, HEADER + length, bytes.length);
        Sha256 actual = Sha256.of(Arrays.copyOf(bytes, HEADER + length));
        require(Arrays.equals(actual.bytes(), digest), "does not match its checksum");
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, HEADER, length))) {
            return read(in);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.MALFORMED_FILE, "checkpoint ends within a field", e);
        }
    }

    private Checkpoint read(DataInputStream in) throws IOException {
        Sha256 job = new Sha256(HexFormat.of().formatHex(in.readNBytes(DIGEST)));
        Phase phase = Phase.values()[in.readInt()];
        int part = in.readInt();
        long step = in.readLong();
        List<Mask> choices = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            choices.add(readMask(in));
        }
        var past = new Checkpoint.Past(choices, readFloats(in));
        var losses = new LossMeter.State(in.readDouble(), in.readDouble(), in.readLong());
        var stop = new EarlyStop.State(in.readDouble(), in.readInt(), readFloats(in));
        float[] values = readFloats(in);
        List<float[]> state = new ArrayList<>();
        for (int slots = in.readInt(); slots > 0; slots--) {
            state.add(readFloats(in));
        }
        return new Checkpoint(job, phase, part, step, past, losses, stop, values, state);
    }

    private Mask readMask(DataInputStream in) throws IOException {
        Mask.Builder mask = Mask.builder(space);
        for (int t = 0; t < space.tensorCount(); t++) {
            LongBuffer words =
                    ByteBuffer.wrap(in.readNBytes(Long.BYTES * words(t))).asLongBuffer();
            for (int w = 0; w < words(t); w++) {
                for (long rest = words.get(w); rest != 0; rest &= rest - 1) {
                    mask.add(t, (w << 6) + Long.numberOfTrailingZeros(rest));
                }
            }
        }
        return mask.build();
    }

    private static float[] readFloats(DataInputStream in) throws IOException {
        int length = in.readInt();
        require(length >= 0 && length <= in.available() / Float.BYTES, "has an array of " + length + " numbers");
        float[] values = new float[length];
        ByteBuffer.wrap(in.readNBytes(length * Float.BYTES)).asFloatBuffer().get(values);
        return values;
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new TessellateException(ErrorCode.MALFORMED_FILE, "checkpoint " + problem);
        }
    }
}
