package io.tessellate.engine.model.files;

import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.WeightSource;
import io.tessellate.safetensors.TensorRegion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.zip.CRC32C;

/**
 * The values of a base model as its files hold them, one tensor at a time: for what goes through a model of any size without
 * training or running it. Not for use by several threads.
 */
public final class BaseValues implements WeightSource, AutoCloseable {
    private final WeightFiles files;
    private final ParameterLayout layout;
    private String lastName = "";
    private float[] last = new float[0];

    BaseValues(Path directory, ParameterLayout layout) {
        this.files = WeightFiles.open(directory);
        this.layout = layout;
    }

    /** All values of one tensor, row-major, in an array of the caller's own. */
    public float[] get(String tensor) {
        return files.region(layout.tensor(tensor).name()).floats(new CRC32C());
    }

    /** What is read is mostly several tasks' part of one tensor after the other: the last tensor is kept. */
    @Override
    public float[] read(String tensor, int[] indices) {
        if (!tensor.equals(lastName)) {
            last = new float[0];
            last = get(tensor);
            lastName = tensor;
        }
        float[] values = new float[indices.length];
        for (int n = 0; n < values.length; n++) {
            values[n] = last[indices[n]];
        }
        return values;
    }

    /** Where a tensor of the files lies, used by the model or not. */
    TensorRegion region(String tensor) {
        return files.region(tensor);
    }

    /** SHA-256 over all values as little-endian floats, in the layout's order. */
    public Sha256 digest() {
        MessageDigest digest = Sha256.newDigest();
        for (ParameterTensor tensor : layout.tensors()) {
            files.region(tensor.name()).floats(new CRC32C(), (values, count) -> {
                ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values, 0, count);
                digest.update(bytes);
            });
        }
        return Sha256.of(digest);
    }

    @Override
    public void close() {
        files.close();
    }
}
