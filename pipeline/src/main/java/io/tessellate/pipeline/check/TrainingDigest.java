package io.tessellate.pipeline.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** Digest of what a run found: places, values and head of its adapter, without the names of model, task and run. */
final class TrainingDigest {
    private static final int CHUNK = 1 << 13;

    private final MessageDigest digest = Sha256.newDigest();

    private TrainingDigest() {}

    static Sha256 digest(Adapter adapter) {
        TrainingDigest values = new TrainingDigest();
        adapter.updates().forEach(values::add);
        adapter.head().forEach(values::add);
        return Sha256.of(values.digest);
    }

    private void add(TensorUpdate update) {
        name(update.name());
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * 2 * Integer.BYTES);
        update.forEach((index, value) -> {
            bytes.putInt(index).putInt(Float.floatToRawIntBits(value));
            if (!bytes.hasRemaining()) {
                digest.update(bytes.flip());
                bytes.clear();
            }
        });
        digest.update(bytes.flip());
    }

    private void add(HeadTensor tensor) {
        name(tensor.name());
        float[] values = tensor.values();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
        for (float value : values) {
            bytes.putInt(Float.floatToRawIntBits(value));
        }
        digest.update(bytes.flip());
    }

    private void name(String name) {
        byte[] bytes = name.getBytes(UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }
}
