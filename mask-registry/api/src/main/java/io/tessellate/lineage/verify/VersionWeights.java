package io.tessellate.lineage.verify;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.WeightSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The weights of a version, as far as its adapters touch them: every tensor an adapter names is held whole, adapters are
 * assigned one after the other and not kept.
 */
final class VersionWeights implements WeightSource {
    private final Function<TensorUpdate, float[]> base;
    private final Map<String, float[]> tensors = new HashMap<>();

    /**
     * Weights without an adapter.
     *
     * @param base the base's values of a tensor that is touched for the first time; the array is taken over
     */
    VersionWeights(Function<TensorUpdate, float[]> base) {
        this.base = base;
    }

    void assign(Adapter adapter) {
        for (TensorUpdate update : adapter.updates()) {
            float[] tensor = tensors.computeIfAbsent(update.name(), name -> base.apply(update));
            if (tensor.length != update.shape().elements()) {
                throw new TessellateException(
                        ErrorCode.TENSOR_MISMATCH,
                        "tensor '%s' has %d values in the version, shape %s in the adapter of %s"
                                .formatted(
                                        update.name(),
                                        tensor.length,
                                        update.shape(),
                                        adapter.metadata().task()));
            }
            update.assignTo(tensor, 0);
        }
    }

    @Override
    public float[] read(String tensor, int[] indices) {
        float[] all = tensors.get(tensor);
        if (all == null) {
            throw new IllegalArgumentException("no adapter of the version touches tensor '%s'".formatted(tensor));
        }
        float[] values = new float[indices.length];
        for (int i = 0; i < indices.length; i++) {
            values[i] = all[indices[i]];
        }
        return values;
    }
}
