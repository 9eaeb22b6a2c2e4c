package io.tessellate.engine.train.entries;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterVector;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.WeightPlaces;
import io.tessellate.engine.precision.ValuePrecision;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.mask.adapter.Factors;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The places that a phase trains, and their traffic with a compact row of trained values in blocks: one for each place, or
 * fewer that the places follow from.
 */
public sealed interface TrainedEntries permits TrainedEntries.All, TrainedEntries.Some, LowRank {
    /** The places that a plan trains, each by itself. */
    static TrainedEntries of(MaskPlan plan, ParameterLayout layout) {
        if (plan instanceof MaskPlan.Entries entries) {
            return new Some(layout.places(entries.mask()), TrainableTensors.of(layout, entries.mask()));
        }
        return new All(layout);
    }

    /** How many trained values there are. */
    default long size() {
        return IntStream.of(blocks()).asLongStream().sum();
    }

    /** How many there are in each of their blocks. */
    int[] blocks();

    /** Tensors that need a gradient. */
    TrainableTensors tensors();

    /** Zero gradients of the trained places, to be closed by the caller. */
    Gradients gradients(Backend backend);

    /** Reads the trained places, or else the values that training starts from, into the first blocks of a row. */
    void read(ParameterVector from, FloatBlocks into);

    /** The same in a new row. */
    default FloatBlocks read(ParameterVector from) {
        FloatBlocks values = FloatBlocks.zeros(blocks());
        read(from, values);
        return values;
    }

    /** Turns the weights' gradient into that of the trained values as they are now, into the first blocks of a row. */
    default void readGradient(ParameterVector from, FloatBlocks values, FloatBlocks into) {
        read(from, into);
    }

    /** Assigns what the first blocks of a row stand for to the trained places. */
    void assign(FloatBlocks values, ParameterVector to);

    /** Brings the trained places to a precision. */
    default void keep(ValuePrecision precision, ParameterVector weights) {
        if (precision == ValuePrecision.FP32) {
            return;
        }
        FloatBlocks values = read(weights);
        for (float[] block : values.all()) {
            for (int n = 0; n < block.length; n++) {
                block[n] = precision.nearest(block[n]);
            }
        }
        assign(values, weights);
    }

    /** Place of the n-th trained value of a block, or else the first place of its tensor. */
    long place(int block, int n);

    /** For each block, which of its values are the first of their tensors, ascending. */
    List<int[]> starts();

    /** The factors whose products the trained values are, if they are. */
    default List<Factors> factors(FloatBlocks values) {
        return List.of();
    }

    /** Whether a place is trained. */
    boolean contains(long place);

    /** Every place. */
    record All(ParameterLayout layout) implements TrainedEntries {
        @Override
        public int[] blocks() {
            return layout.segments().stream()
                    .mapToInt(ParameterLayout.Segment::size)
                    .toArray();
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
        public void read(ParameterVector from, FloatBlocks into) {
            from.read(into);
        }

        @Override
        public void assign(FloatBlocks values, ParameterVector to) {
            to.assign(values);
        }

        @Override
        public long place(int block, int n) {
            return layout.segments().get(block).offset() + n;
        }

        @Override
        public List<int[]> starts() {
            return layout.segments().stream()
                    .map(segment -> layout.tensors(segment).stream()
                            .mapToInt(tensor -> segment.index(tensor.offset()))
                            .toArray())
                    .toList();
        }

        @Override
        public boolean contains(long place) {
            return true;
        }
    }

    /** Some places. */
    record Some(WeightPlaces places, TrainableTensors tensors) implements TrainedEntries {
        @Override
        public int[] blocks() {
            return places.counts();
        }

        @Override
        public Gradients gradients(Backend backend) {
            return Gradients.keepsWhole(tensors.layout(), places.size())
                    ? new Gradients(backend, tensors)
                    : new Gradients(backend, tensors, places);
        }

        @Override
        public void read(ParameterVector from, FloatBlocks into) {
            from.gather(places, into);
        }

        @Override
        public void assign(FloatBlocks values, ParameterVector to) {
            to.scatter(places, values);
        }

        @Override
        public long place(int block, int n) {
            return places.place(block, n);
        }

        @Override
        public List<int[]> starts() {
            return places.tensorStarts();
        }

        @Override
        public boolean contains(long place) {
            return places.contains(place);
        }
    }
}
