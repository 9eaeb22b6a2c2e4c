package io.tessellate.engine.model.weights;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where backward passes add up gradients: a flat vector of the same layout as the weights. Only the trainable tensors'
 * entries mean anything. Whoever makes it closes it.
 */
public final class Gradients implements AutoCloseable {
    private final Backend backend;
    private final TrainableTensors trainable;
    private final FloatVector vector;
    private @Nullable TransformerParts<Matrix> parts;

    /** Zero gradients for these tensors. */
    public Gradients(Backend backend, TrainableTensors trainable) {
        this.backend = backend;
        this.trainable = trainable;
        this.vector = backend.memory().allocate(trainable.layout().size());
    }

    /**
     * Zero gradients of single entries of these tensors: only theirs are kept, and where it is faster only theirs are
     * computed.
     *
     * @param positions the entries' places in the flat vector, ascending; not copied, and must not change
     */
    public Gradients(Backend backend, TrainableTensors trainable, int[] positions) {
        this.backend = backend;
        this.trainable = trainable;
        this.vector = backend.memory().allocateOnly(trainable.layout().size(), positions);
    }

    /** From this part of all weights on, keeping whole gradients costs less than picking entries out of them. */
    private static final int WHOLE_FROM = 3;

    /** Whether whole gradients are kept where so many weights are trained. */
    public static boolean keepsWhole(ParameterLayout layout, long entries) {
        return entries > layout.size() / WHOLE_FROM;
    }

    /** Bytes that whole gradients of some tensors take. */
    public static long wholeBytes(ParameterLayout layout, Predicate<ParameterTensor> trained) {
        return (long) Float.BYTES * layout.size();
    }

    /** The tensors that get gradients. */
    public TrainableTensors trainable() {
        return trainable;
    }

    /** Where each tensor lies. */
    public ParameterLayout layout() {
        return trainable.layout();
    }

    /** The flat vector itself. */
    public FloatVector vector() {
        return vector;
    }

    /** One tensor's gradient as a matrix over the flat vector. */
    public Matrix matrix(String tensor) {
        ParameterTensor where = layout().tensor(tensor);
        return backend.memory().matrix(vector, where.offset(), where.rows(), where.columns());
    }

    /** A copy of one tensor's gradient, row-major. */
    public float[] get(String tensor) {
        ParameterTensor where = layout().tensor(tensor);
        return vector.toArray(where.offset(), where.size());
    }

    /** Gradients at positions of the flat vector. */
    public float[] gather(int[] positions) {
        float[] values = new float[positions.length];
        vector.gather(positions, values, positions.length);
        return values;
    }

    /** Forgets everything added so far. */
    public void zero() {
        vector.fill(0, vector.size(), 0f);
    }

    /** The parts of a transformer of that configuration. */
    public TransformerParts<Matrix> parts(ModelConfig config) {
        if (parts == null) {
            parts = Slot.of(config, layout())
                    .map(slot -> slot.over(
                            (offset, rows, columns) -> backend.memory().matrix(vector, offset, rows, columns)));
        }
        return parts;
    }

    @Override
    public void close() {
        vector.close();
    }
}
