package io.tessellate.engine.plan;

import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import java.util.function.Predicate;

/**
 * Bytes for what a phase trains: gradients where the backend computes, values, their gradients and places on the heap.
 *
 * @param count trained values of the model; a head's come on top
 * @param gradients of whole tensors
 * @param product of one whole product, where single entries are picked out of it
 * @param places of values that stand for themselves, and copies of them for picking
 * @param owned gradients of single entries
 */
record TrainedBytes(long count, long gradients, long product, long places, long owned) {
    /** Every weight. */
    static TrainedBytes all(ParameterLayout layout) {
        return new TrainedBytes(layout.size(), Gradients.wholeBytes(layout, tensor -> true), 0, 0, 0);
    }

    /**
     * Some weights of some tensors.
     *
     * @param along whether their gradients are computed without whole products
     */
    static TrainedBytes some(
            ParameterLayout layout, Predicate<ParameterTensor> tensors, long count, boolean along, long largest) {
        long places = Integer.BYTES * count;
        if (Gradients.keepsWhole(layout, count)) {
            return new TrainedBytes(count, Gradients.wholeBytes(layout, tensors), 0, places, 0);
        }
        long picked = Integer.BYTES * count * (along ? 2 : 1);
        return new TrainedBytes(count, 0, along ? 0 : Float.BYTES * largest, places + picked, Float.BYTES * count);
    }

    /** Two thin factors of each matrix; what they start from is kept, too. */
    static TrainedBytes factors(ParameterLayout layout, Predicate<ParameterTensor> tensors, int rank) {
        long count = layout.tensors().stream()
                .filter(tensors)
                .mapToLong(tensor -> (long) rank * (tensor.rows() + tensor.columns()))
                .sum();
        return new TrainedBytes(count, Gradients.wholeBytes(layout, tensors), 0, Float.BYTES * count, 0);
    }

    /** On the heap: values, gradients, and where they belong. */
    long values(long head) {
        return 2L * Float.BYTES * (count + head) + places;
    }
}
