package io.tessellate.mask.merge;

import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.WeightSource;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a task changed: new value minus the base's for every entry of its adapter; 0 everywhere else.
 *
 * @param tensors by name
 */
public record TaskVector(SortedMap<String, SparseTensor> tensors) {
    /** The task vector of an adapter that was trained from these values. */
    public static TaskVector of(Adapter adapter, WeightSource base) {
        SortedMap<String, SparseTensor> tensors = new TreeMap<>();
        for (TensorUpdate update : adapter.updates()) {
            int[] indices = update.indices();
            float[] difference = update.values().clone();
            float[] before = base.read(update.name(), indices);
            for (int n = 0; n < difference.length; n++) {
                difference[n] -= before[n];
            }
            tensors.put(update.name(), new SparseTensor(indices, difference));
        }
        return new TaskVector(tensors);
    }

    /** Number of entries. */
    public long entries() {
        return tensors.values().stream()
                .mapToLong(tensor -> tensor.indices().length)
                .sum();
    }
}
