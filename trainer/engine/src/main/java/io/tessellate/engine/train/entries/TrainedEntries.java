package io.tessellate.engine.train.entries;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.recipe.ValuePrecision;
import io.tessellate.mask.adapter.Factors;
import java.util.Arrays;
import java.util.List;

/**
 * The places in the flat vector that a phase trains, and their traffic with a compact array of trained values: one for each
 * place, or fewer that the places follow from.
 */
public sealed interface TrainedEntries permits TrainedEntries.All, TrainedEntries.Some, LowRank {
    /** The places that a plan trains, each by itself. */
    static TrainedEntries of(MaskPlan plan, ParameterLayout layout) {
        if (plan instanceof MaskPlan.Entries entries) {
            return new Some(layout.positions(entries.mask()), TrainableTensors.of(layout, entries.mask()));
        }
        return new All(layout);
    }

    /** How many trained values there are. */
    int size();

    /** Tensors that need a gradient. */
    TrainableTensors tensors();

    /** Zero gradients of the trained places, to be closed by the caller. */
    Gradients gradients(Backend backend);

    /** Reads the trained places, or else the values that training starts from, into the first {@link #size} elements. */
    void read(FloatVector from, float[] into);

    /** Turns the weights' gradient into that of the trained values as they are now, into the first {@link #size} elements. */
    default void readGradient(FloatVector from, float[] values, float[] into) {
        read(from, into);
    }

    /** Assigns what the first {@link #size} elements stand for to the trained places. */
    void assign(float[] values, FloatVector to);

    /** Brings the trained places to a precision. */
    default void keep(ValuePrecision precision, FloatVector weights) {
        if (precision == ValuePrecision.FP32) {
            return;
        }
        float[] values = new float[size()];
        read(weights, values);
        for (int n = 0; n < values.length; n++) {
            values[n] = precision.nearest(values[n]);
        }
        assign(values, weights);
    }

    /** Place of the n-th trained value, or else the first place of its tensor. */
    int position(int n);

    /** Which of the values are the first of their tensors, ascending. */
    int[] starts();

    /** The factors whose products the trained values are, if they are. */
    default List<Factors> factors(float[] values) {
        return List.of();
    }

    /** Whether a place is trained. */
    boolean contains(int position);

    /** Every place. */
    record All(ParameterLayout layout) implements TrainedEntries {
        @Override
        public int size() {
            return layout.size();
        }

        @Override
        public TrainableTensors tensors() {
            return TrainableTensors.all(layout);
        }

        @Override
        public Gradients gradients(Backend backend) {
            return new Gradients(backend, tensors());
        }

        @Override
        public void read(FloatVector from, float[] into) {
            from.get(0, into, 0, size());
        }

        @Override
        public void assign(float[] values, FloatVector to) {
            to.put(0, values, 0, size());
        }

        @Override
        public int position(int n) {
            return n;
        }

        @Override
        public int[] starts() {
            return layout.tensors().stream().mapToInt(ParameterTensor::offset).toArray();
        }

        @Override
        public boolean contains(int position) {
            return true;
        }
    }

    /**
     * Some places.
     *
     * @param positions ascending
     */
    record Some(int[] positions, TrainableTensors tensors) implements TrainedEntries {
        @Override
        public int size() {
            return positions.length;
        }

        @Override
        public Gradients gradients(Backend backend) {
            return Gradients.keepsWhole(tensors.layout(), positions.length)
                    ? new Gradients(backend, tensors)
                    : new Gradients(backend, tensors, positions);
        }

        @Override
        public void read(FloatVector from, float[] into) {
            from.gather(positions, into, positions.length);
        }

        @Override
        public void assign(float[] values, FloatVector to) {
            to.scatter(positions, values, positions.length);
        }

        @Override
        public int position(int n) {
            return positions[n];
        }

        @Override
        public int[] starts() {
            return tensors.layout().tensors().stream()
                    .mapToInt(tensor -> firstFrom(tensor.offset()))
                    .filter(n -> n < positions.length)
                    .distinct()
                    .toArray();
        }

        private int firstFrom(int offset) {
            int found = Arrays.binarySearch(positions, offset);
            return found < 0 ? -found - 1 : found;
        }

        @Override
        public boolean contains(int position) {
            return Arrays.binarySearch(positions, position) >= 0;
        }
    }
}
