package io.tessellate.pipeline.export;

import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import java.util.List;

/**
 * Adapters assigned one after the other, a tensor at a time.
 *
 * @param adapters in the order of their commits
 */
record AppliedAdapters(List<Adapter> adapters) implements ModelExport.ChangedValues {
    /** TENSOR_MISMATCH if an adapter was made for another model. */
    AppliedAdapters(ParameterLayout layout, List<Adapter> adapters) {
        this(List.copyOf(adapters));
        requireFitting(layout, adapters);
    }

    /** The same of adapters that are to be used in another way. */
    static void requireFitting(ParameterLayout layout, List<Adapter> adapters) {
        for (Adapter adapter : adapters) {
            adapter.updates().forEach(update -> requireFitting(layout, adapter, update));
        }
    }

    private static void requireFitting(ParameterLayout layout, Adapter adapter, TensorUpdate update) {
        if (!layout.tensor(update.name()).shape().equals(update.shape())) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "adapter of %s has tensor '%s' in shape %s, the model in %s"
                            .formatted(
                                    adapter.metadata().task(),
                                    update.name(),
                                    update.shape(),
                                    layout.tensor(update.name()).shape()));
        }
    }

    @Override
    public boolean changes(String tensor) {
        return adapters.stream().anyMatch(adapter -> adapter.update(tensor).isPresent());
    }

    @Override
    public void change(String tensor, float[] values) {
        adapters.forEach(adapter -> adapter.update(tensor).ifPresent(update -> update.assignTo(values, 0)));
    }
}
