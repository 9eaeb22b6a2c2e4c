package io.tessellate.engine.model.weights;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.storage.SharedSegments;
import io.tessellate.engine.storage.SharedVector;
import io.tessellate.engine.storage.ShortVector;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.WeightSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All parameters of a model, in one vector outside the heap for each segment of its layout. Whoever makes it closes it. */
public final class Weights implements AutoCloseable {
    private static final int MOST_SHORTS = 1 << 29;

    private final ParameterLayout layout;
    private final WeightMemory memory;
    private final ParameterVector vector;
    private @Nullable TransformerParts<Matrix> parts;
    private int moves;

    private Weights(ParameterLayout layout, WeightMemory memory) {
        this.layout = layout;
        this.memory = memory;
        this.vector = new ParameterVector(layout, memory.segments());
    }

    /** Weights of all zeros. */
    public static Weights zeros(Backend backend, ParameterLayout layout) {
        requireFitting(backend, layout);
        List<SharedVector> segments = new ArrayList<>();
        try {
            layout.segments().forEach(segment -> segments.add(new SharedVector(backend, segment.size())));
        } catch (RuntimeException | OutOfMemoryError e) {
            segments.forEach(FloatVector::close);
            throw e;
        }
        return new Weights(layout, new WeightMemory.Floats(List.copyOf(segments)));
    }

    private static void requireFitting(Backend backend, ParameterLayout layout) {
        for (ParameterLayout.Segment segment : layout.segments()) {
            if (segment.size() > backend.memory().largest()) {
                throw new TessellateException(
                        ErrorCode.UNSUPPORTED_MODEL,
                        "tensors %s are used together and have %d entries, more than the %d that one vector of backend %s can hold"
                                .formatted(
                                        layout.tensors(segment).stream()
                                                .map(ParameterTensor::name)
                                                .toList(),
                                        segment.size(),
                                        backend.memory().largest(),
                                        backend.name()));
            }
        }
    }

    /** Weights that are read, in 32 bits each. */
    public static Weights read(Backend backend, ParameterLayout layout, TensorReader reader) {
        return read(backend, layout, reader, new SharedSegments());
    }

    /** The same; what of them lies in memory already is shared and not read. */
    public static Weights read(Backend backend, ParameterLayout layout, TensorReader reader, SharedSegments shared) {
        requireFitting(backend, layout);
        List<SharedVector> segments = new ArrayList<>();
        try {
            for (int s = 0; s < layout.segments().size(); s++) {
                ParameterLayout.Segment segment = layout.segments().get(s);
                segments.add(shared.take(s, backend, () -> WeightMemory.Floats.read(backend, layout, segment, reader)));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            segments.forEach(FloatVector::close);
            throw e;
        }
        return new Weights(layout, new WeightMemory.Floats(List.copyOf(segments)));
    }

    /**
     * Weights that are read, those of some matrices in 16 bits each. They are the same weights: what is no bf16 number when
     * it is read or assigned takes 6 bytes instead of 4 less.
     *
     * @param shorts which matrices; vectors are kept in 32 bits in any case
     */
    public static Weights readShort(
            Backend backend, ParameterLayout layout, Predicate<ParameterTensor> shorts, TensorReader reader) {
        requireFitting(backend, layout);
        ShortVector.Builder vectors = ShortVector.builder(backend);
        for (ParameterLayout.Segment segment : layout.segments()) {
            readShort(vectors, layout.tensors(segment), shorts, reader);
            vectors.end();
        }
        return new Weights(layout, new WeightMemory.Shorts(vectors.build()));
    }

    private static void readShort(
            ShortVector.Builder vector,
            List<ParameterTensor> tensors,
            Predicate<ParameterTensor> shorts,
            TensorReader reader) {
        for (int from = 0; from < tensors.size(); ) {
            ParameterTensor first = tensors.get(from);
            int to = from + 1;
            if (first.shape().rank() == 2 && shorts.test(first)) {
                shorts(vector, first, reader);
            } else {
                // What is side by side may be used as one, and then must lie together.
                while (to < tensors.size() && !(tensors.get(to).shape().rank() == 2 && shorts.test(tensors.get(to)))) {
                    to++;
                }
                together(vector, tensors.subList(from, to), reader);
            }
            from = to;
        }
    }

    /** In pieces of which a buffer can hold the bytes. */
    private static void shorts(ShortVector.Builder vector, ParameterTensor tensor, TensorReader reader) {
        for (long from = 0; from < tensor.size(); from += MOST_SHORTS) {
            int begin = (int) from;
            int size = Math.min(MOST_SHORTS, tensor.size() - begin);
            reader.inPlace(tensor, begin, size)
                    .ifPresentOrElse(
                            vector::shorts,
                            () -> vector.shorts(
                                    size, (first, count, target) -> reader.read(tensor, begin + first, count, target)));
        }
    }

    private static void together(ShortVector.Builder vector, List<ParameterTensor> tensors, TensorReader reader) {
        long from = tensors.get(0).offset();
        int size = Math.toIntExact(tensors.get(tensors.size() - 1).end() - from);
        vector.floats(size, (first, count, target) -> {
            int at = target.position();
            for (ParameterTensor tensor : tensors) {
                long begin = Math.max(tensor.offset(), from + first);
                long end = Math.min(tensor.end(), from + first + count);
                if (begin < end) {
                    target.position(at + (int) (begin - from) - first);
                    reader.read(tensor, (int) (begin - tensor.offset()), (int) (end - begin), target);
                }
            }
        });
    }

    /** The same values, changed on their own. What neither changes is there once, on the host or the device. */
    public Weights copy() {
        return new Weights(layout, memory.copy());
    }

    /**
     * Takes memory of its own for what will be written to. It would be taken at the first write; before that passes would leave
     * rounded copies beside the memory that is shared.
     */
    public void own(TrainableTensors tensors) {
        for (ParameterTensor tensor : layout.tensors()) {
            if (tensors.contains(tensor.name())) {
                memory.own(layout.segmentOf(tensor.offset()));
            }
        }
    }

    /** What they take, as long as no task has changed any. */
    public WeightBytes bytes() {
        return WeightBytes.of(layout, tensor -> matrix(tensor.name()).memory() instanceof ShortVector);
    }

    /** Where each tensor lies. */
    public ParameterLayout layout() {
        return layout;
    }

    /** The values themselves. */
    public ParameterVector vector() {
        return vector;
    }

    /** One tensor as a matrix over its segment, to be read; a vector as one row. Valid until the weights are written after a copy was made. */
    public Matrix matrix(String tensor) {
        ParameterTensor where = layout.tensor(tensor);
        int segment = layout.segmentOf(where.offset());
        int offset = layout.segments().get(segment).index(where.offset());
        return memory.matrix(segment, offset, where.rows(), where.columns());
    }

    /** A copy of one tensor's values, row-major. */
    public float[] get(String tensor) {
        ParameterTensor where = layout.tensor(tensor);
        return vector().toArray(where.offset(), where.size());
    }

    /** Sets all values of one tensor. */
    public void put(String tensor, float[] values) {
        ParameterTensor where = layout.tensor(tensor);
        requireLength(where, values.length);
        vector().put(where.offset(), values, 0, values.length);
    }

    /** Assigns single entries of one tensor by their flat row-major indices. */
    public void assign(String tensor, int[] indices, float[] values) {
        ParameterTensor where = layout.tensor(tensor);
        if (indices.length != values.length) {
            throw new IllegalArgumentException(
                    "tensor '%s': %d indices cannot take %d values".formatted(tensor, indices.length, values.length));
        }
        vector.assign(where, indices, values);
    }

    /** Assigns an adapter's values; every other weight keeps its bits. TENSOR_MISMATCH if it was made for another model. */
    public void apply(Adapter adapter) {
        apply(adapter.updates());
    }

    /** Assigns new values of some tensors; every other weight keeps its bits. TENSOR_MISMATCH if one does not fit. */
    public void apply(List<TensorUpdate> updates) {
        updates.forEach(this::requireFitting);
        for (TensorUpdate update : updates) {
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

    /** Single entries of one tensor by their flat row-major indices. */
    public float[] get(String tensor, int[] indices) {
        return vector.read(layout.tensor(tensor), indices);
    }

    /** Reads single entries of a tensor. */
    public WeightSource source() {
        return this::get;
    }

    /** SHA-256 over all values as little-endian floats, in the layout's order. */
    public Sha256 digest() {
        MessageDigest digest = Sha256.newDigest();
        float[] chunk = new float[1 << 14];
        ByteBuffer bytes = ByteBuffer.allocate(chunk.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long place = 0; place < vector.size(); place += chunk.length) {
            int length = (int) Math.min(chunk.length, vector.size() - place);
            vector.get(place, chunk, 0, length);
            bytes.clear().asFloatBuffer().put(chunk, 0, length);
            digest.update(bytes.array(), 0, length * Float.BYTES);
        }
        return Sha256.of(digest);
    }

    /** The parts of a transformer of that configuration. */
    public TransformerParts<Matrix> parts(ModelConfig config) {
        if (parts == null || moves != memory.moves()) {
            moves = memory.moves();
            parts = Slot.of(config, layout).map(slot -> slot.over(layout, memory::matrix));
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
        memory.segments().forEach(FloatVector::close);
    }
}
