package io.tessellate.engine.model.weights;

import java.util.function.Predicate;

/**
 * Bytes that weights take, those of some matrices in 16 bits.
 *
 * @param vectors in the backend's memory, 32 bits each
 * @param halves outside of it and of the heap; copies share them
 * @param overlays on the heap, for those of the 16 bits that are assigned
 */
public record WeightBytes(long vectors, long halves, long overlays) {
    /** What an {@code Overlay} takes for 64 places: a word of bits and a count. */
    private static final long OVERLAY = Long.BYTES + Integer.BYTES;

    /**
     * The weights of a layout.
     *
     * @param shorts which matrices are kept in 16 bits; vectors never are
     */
    public static WeightBytes of(ParameterLayout layout, Predicate<ParameterTensor> shorts) {
        long wide = 0;
        long narrow = 0;
        for (ParameterTensor tensor : layout.tensors()) {
            if (tensor.shape().rank() == 2 && shorts.test(tensor)) {
                narrow += tensor.size();
            } else {
                wide += tensor.size();
            }
        }
        return new WeightBytes(Float.BYTES * wide, Short.BYTES * narrow, OVERLAY * ((narrow + 63) / 64));
    }

    /** Of those weights that no task has changed. */
    public long all() {
        return vectors + halves + overlays;
    }
}
