package io.tessellate.mask.merge;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.WeightSource;
import io.tessellate.safetensors.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Several adapters of one base made one. A weight whose merged change is one task's own gets that task's stored value as it
 * is, not base plus difference: so disjoint adapters merge to the very bits of their union.
 *
 * @param updates new values of the weights that the merge changes
 * @param tasks what each adapter changes, in the order of the adapters, before anything is trimmed
 */
public record MergedAdapters(List<TensorUpdate> updates, List<TaskVector> tasks) {
    /** Copies the lists. */
    public MergedAdapters {
        updates = List.copyOf(updates);
        tasks = List.copyOf(tasks);
    }

    /**
     * Merges adapters that were trained from these values; INVALID_ARGUMENT if there is none, or if their bases differ;
     * TENSOR_MISMATCH if they know one tensor in different shapes.
     */
    public static MergedAdapters of(List<Adapter> adapters, WeightSource base, MergeRecipe recipe) {
        requireOneBase(adapters);
        SortedMap<String, Shape> shapes = shapes(adapters);
        List<TaskVector> tasks =
                adapters.stream().map(adapter -> TaskVector.of(adapter, base)).toList();
        TaskVector merged = recipe.over(name -> shapes.get(name).elements()).merge(tasks);
        List<TensorUpdate> updates = new ArrayList<>();
        for (Map.Entry<String, SparseTensor> tensor : merged.tensors().entrySet()) {
            String name = tensor.getKey();
            int[] indices = tensor.getValue().indices();
            if (indices.length > 0) {
                float[] values = sum(base.read(name, indices), tensor.getValue());
                for (int t = 0; t < tasks.size(); t++) {
                    restore(values, tensor.getValue(), tasks.get(t), adapters.get(t), name);
                }
                updates.add(TensorUpdate.listed(name, shapes.get(name), indices, values));
            }
        }
        return new MergedAdapters(updates, tasks);
    }

    /** Where the adapters meet. */
    public Interference interference() {
        return Interference.of(tasks);
    }

    /** Number of weights that get a new value. */
    public long size() {
        return updates.stream().mapToLong(TensorUpdate::count).sum();
    }

    private static void requireOneBase(List<Adapter> adapters) {
        if (adapters.isEmpty()) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "a merge needs at least one adapter");
        }
        Adapter first = adapters.get(0);
        for (Adapter adapter : adapters) {
            if (!adapter.metadata().baseDigest().equals(first.metadata().baseDigest())) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "adapters must be of one base to be merged: that of %s was trained on %s, that of %s on %s"
                                .formatted(
                                        first.metadata().task(),
                                        first.metadata().baseDigest(),
                                        adapter.metadata().task(),
                                        adapter.metadata().baseDigest()));
            }
        }
    }

    private static SortedMap<String, Shape> shapes(List<Adapter> adapters) {
        SortedMap<String, Shape> shapes = new TreeMap<>();
        for (Adapter adapter : adapters) {
            for (TensorUpdate update : adapter.updates()) {
                Shape known = shapes.putIfAbsent(update.name(), update.shape());
                if (known != null && !known.equals(update.shape())) {
                    throw new TessellateException(
                            ErrorCode.TENSOR_MISMATCH,
                            "adapter of %s has tensor '%s' in shape %s, another has it in %s"
                                    .formatted(adapter.metadata().task(), update.name(), update.shape(), known));
                }
            }
        }
        return shapes;
    }

    private static float[] sum(float[] base, SparseTensor change) {
        float[] values = base.clone();
        for (int n = 0; n < values.length; n++) {
            values[n] += change.values()[n];
        }
        return values;
    }

    private static void restore(float[] values, SparseTensor merged, TaskVector task, Adapter adapter, String name) {
        SparseTensor own = task.tensors().get(name);
        if (own == null) {
            return;
        }
        float[] stored = adapter.update(name).orElseThrow().values();
        int place = 0;
        for (int n = 0; n < stored.length; n++) {
            while (place < values.length && merged.indices()[place] < own.indices()[n]) {
                place++;
            }
            boolean here = place < values.length && merged.indices()[place] == own.indices()[n];
            if (here && merged.values()[place] == own.values()[n]) {
                values[place] = stored[n];
            }
        }
    }
}
