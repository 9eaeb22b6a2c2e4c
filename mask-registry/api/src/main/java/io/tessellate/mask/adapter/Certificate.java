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

    /** Certifies every weight an adapter sets at the values that it sets: what its task is certified with when it is committed. */
    public static Sha256 of(Adapter adapter) {
        Certificate certificate = new Certificate();
        for (TensorUpdate update : adapter.updates()) {
            certificate.begin(update.name(), update.count());
            Entries entries = certificate.new Entries();
            update.forEach(entries::add);
            entries.end();
        }
        return certificate.digest();
    }

    /**
     * Adds the weights that an update sets, as they are in a version.
     *
     * @param tensor all values of the tensor in the version; may be longer, and only those that the update sets are read
     */
    public void add(TensorUpdate update, float[] tensor) {
        begin(update.name(), update.count());
        Entries entries = new Entries();
        update.index().forEach(index -> entries.add(index, tensor[index]));
        entries.end();
    }

    /** Digest of what was added; it begins anew. */
    public Sha256 digest() {
        return Sha256.of(digest);
    }

    private void add(String tensor, int[] indices, WeightSource weights) {
        if (indices.length > 0) {
            begin(tensor, indices.length);
            float[] values = weights.read(tensor, indices);
            Entries entries = new Entries();
            for (int n = 0; n < indices.length; n++) {
                entries.add(indices[n], values[n]);
            }
            entries.end();
        }
    }

    private void begin(String tensor, int count) {
        byte[] name = tensor.getBytes(StandardCharsets.UTF_8);
        digest.update(bytes(Integer.BYTES).putInt(name.length).flip());
        digest.update(name);
        digest.update(bytes(Integer.BYTES).putInt(count).flip());
    }

    private static ByteBuffer bytes(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Entries on their way into the digest. */
    private final class Entries {
        private final ByteBuffer buffer = bytes(CHUNK * 2 * Integer.BYTES);

        void add(int index, float value) {
            buffer.putInt(index).putInt(Float.floatToRawIntBits(value));
            if (!buffer.hasRemaining()) {
                end();
            }
        }

        void end() {
            digest.update(buffer.flip());
            buffer.clear();
        }
    }
}
