package io.tessellate.mask.adapter;

import io.tessellate.id.Sha256;
import io.tessellate.mask.Mask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Digest over a task's weights, their places and their bits (docs/format/certificate.md). */
public final class Certificate {
    private static final int CHUNK = 1 << 13;

    private final MessageDigest digest = Sha256.newDigest();

    /** A certificate to be made tensor by tensor, in ascending order of their names. */
    public Certificate() {}

    /** Certifies the weights of a mask. */
    public static Sha256 of(Mask mask, WeightSource weights) {
        Certificate certificate = new Certificate();
        IntStream.range(0, mask.space().tensorCount())
                .boxed()
                .sorted(Comparator.comparing(t -> mask.space().tensor(t).name()))
                .forEach(t -> certificate.add(mask.space().tensor(t).name(), mask.indices(t), weights));
        return certificate.digest();
    }

    /** Certifies every weight an adapter sets, whole tensors that are not eligible included. */
    public static Sha256 of(Adapter adapter, WeightSource weights) {
        Certificate certificate = new Certificate();
        adapter.updates().forEach(update -> certificate.add(update.name(), update.indices(), weights));
        return certificate.digest();
    }

    /**
     * Adds the weights that an update sets, as they are in a version.
     *
     * @param tensor all values of the tensor in the version; may be longer, and only those that the update sets are read
     */
    public void add(TensorUpdate update, float[] tensor) {
        begin(update.name(), update.count());
        ByteBuffer buffer = bytes(CHUNK * 2 * Integer.BYTES);
        update.index().forEach(index -> {
            buffer.putInt(index).putInt(Float.floatToRawIntBits(tensor[index]));
            if (!buffer.hasRemaining()) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        });
        digest.update(buffer.flip());
    }

    /** Digest of what was added; it begins anew. */
    public Sha256 digest() {
        return Sha256.of(digest);
    }

    private void add(String tensor, int[] indices, WeightSource weights) {
        if (indices.length > 0) {
            begin(tensor, indices.length);
            addEntries(indices, weights.read(tensor, indices));
        }
    }

    private void begin(String tensor, int count) {
        byte[] name = tensor.getBytes(StandardCharsets.UTF_8);
        digest.update(bytes(Integer.BYTES).putInt(name.length).flip());
        digest.update(name);
        digest.update(bytes(Integer.BYTES).putInt(count).flip());
    }

    private void addEntries(int[] indices, float[] values) {
        ByteBuffer buffer = bytes(CHUNK * 2 * Integer.BYTES);
        for (int n = 0; n < indices.length; n++) {
            buffer.putInt(indices[n]).putInt(Float.floatToRawIntBits(values[n]));
            if (!buffer.hasRemaining()) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
        digest.update(buffer.flip());
    }

    private static ByteBuffer bytes(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
