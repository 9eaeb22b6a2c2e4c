package io.tessellate.engine.model;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All parameters of a model in one flat vector outside the heap. Whoever makes it closes it. */
public final class Weights implements AutoCloseable {
    private final Backend backend;
    private final ParameterLayout layout;
    private final FloatVector vector;
    private @Nullable TransformerParts<Matrix> parts;

    private Weights(Backend backend, ParameterLayout layout) {
        this.backend = backend;
        this.layout = layout;
        this.vector = backend.memory().allocate(layout.size());
    }

    /** Weights of all zeros. */
    public static Weights zeros(Backend backend, ParameterLayout layout) {
        return new Weights(backend, layout);
    }

    /** The same values in memory of their own. */
    public Weights copy() {
        Weights copy = zeros(backend, layout);
        copy.vector.copyFrom(vector);
        return copy;
    }

    /** Takes over all values of weights of the same model. */
    public void copyFrom(Weights other) {
        vector.copyFrom(other.vector);
    }

    /** Where each tensor lies. */
    public ParameterLayout layout() {
        return layout;
    }

    /** The flat vector itself. */
    public FloatVector vector() {
        return vector;
    }

    /** One tensor as a matrix over the flat vector; a vector as one row. Writing to it changes the weights. */
    public Matrix matrix(String tensor) {
        ParameterTensor where = layout.tensor(tensor);
        return backend.memory().matrix(vector, where.offset(), where.rows(), where.columns());
    }

    /** A copy of one tensor's values, row-major. */
    public float[] get(String tensor) {
        ParameterTensor where = layout.tensor(tensor);
        return vector.toArray(where.offset(), where.size());
    }

    /** Sets all values of one tensor. */
    public void put(String tensor, float[] values) {
        ParameterTensor where = layout.tensor(tensor);
        requireLength(where, values.length);
        vector.put(where.offset(), values, 0, values.length);
    }

    /** Assigns single entries of one tensor by their flat row-major indices. */
    public void assign(String tensor, int[] indices, float[] values) {
        ParameterTensor where = layout.tensor(tensor);
        if (indices.length != values.length) {
            throw new IllegalArgumentException(
                    "tensor '%s': %d indices cannot take %d values".formatted(tensor, indices.length, values.length));
        }
        int[] positions = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            positions[i] = where.offset() + Objects.checkIndex(indices[i], where.size());
        }
        vector.scatter(positions, values, positions.length);
    }

    /** Assigns an adapter's values; every other weight keeps its bits. TENSOR_MISMATCH if it was made for another model. */
    public void apply(Adapter adapter) {
        adapter.updates().forEach(this::requireFitting);
        for (TensorUpdate update : adapter.updates()) {
            assign(update.name(), update.indices(), update.values());
        }
    }

    private void requireFitting(TensorUpdate update) {
        ParameterTensor tensor = layout.tensor(update.name());
        if (!update.shape().equals(tensor.shape())) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "adapter has tensor '%s' in shape %s, the model in %s"
                            .formatted(update.name(), update.shape(), tensor.shape()));
        }
    }

    /** Values at positions of the flat vector. */
    public float[] gather(int[] positions) {
        float[] values = new float[positions.length];
        vector.gather(positions, values, positions.length);
        return values;
    }

    /** SHA-256 over all values as little-endian floats, in the layout's order. */
    public Sha256 digest() {
        MessageDigest digest = Sha256.newDigest();
        float[] chunk = new float[1 << 14];
        ByteBuffer bytes = ByteBuffer.allocate(chunk.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int offset = 0; offset < vector.size(); offset += chunk.length) {
            int length = Math.min(chunk.length, vector.size() - offset);
            vector.get(offset, chunk, 0, length);
            bytes.clear().asFloatBuffer().put(chunk, 0, length);
            digest.update(bytes.array(), 0, length * Float.BYTES);
        }
        return Sha256.of(digest);
    }

    /** The parts of a transformer of that configuration. */
    TransformerParts<Matrix> parts(ModelConfig config) {
        if (parts == null) {
            parts = Slot.of(config, layout).map(slot -> slot.over(backend, vector));
        }
        return parts;
    }

    private static void requireLength(ParameterTensor tensor, int length) {
        if (length != tensor.size()) {
            throw new IllegalArgumentException(
                    "tensor '%s' has %d values, not %d".formatted(tensor.name(), tensor.size(), length));
        }
    }

    @Override
    public void close() {
        vector.close();
    }
}
