package io.tessellate.mask.merge;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.WeightSource;
import io.tessellate.safetensors.Shape;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Several adapters of one base made one. A weight whose merged change is one task's own gets that task's stored value as it
 * is, not base plus difference: so disjoint adapters merge to the very bits of their union. Updates are made tensor by tensor
 * when they are asked for; adapters and base must stay as they are for as long.
 */
public final class MergedAdapters {
    private final List<Adapter> adapters;
    private final WeightSource base;
    private final SortedMap<String, Shape> shapes;
    private final List<TaskVector> tasks;
    private final TaskVector merged;

    private MergedAdapters(List<Adapter> adapters, WeightSource base, MergeRecipe recipe) {
        this.adapters = List.copyOf(adapters);
        this.base = base;
        this.shapes = shapes(adapters);
        this.tasks =
                adapters.stream().map(adapter -> TaskVector.of(adapter, base)).toList();
        this.merged = recipe.over(name -> shape(name).elements()).merge(tasks);
    }

    /**
     * Merges adapters that were trained from these values; INVALID_ARGUMENT if there is none, or if their bases differ;
     * TENSOR_MISMATCH if they know one tensor in different shapes.
     */
    public static MergedAdapters of(List<Adapter> adapters, WeightSource base, MergeRecipe recipe) {
        requireOneBase(adapters);
        return new MergedAdapters(adapters, base, recipe);
    }

    /** What each adapter changes, in the order of the adapters, before anything is trimmed. */
    public List<TaskVector> tasks() {
        return tasks;
    }

    /** The tensors that the merge may change. */
    public SortedSet<String> names() {
        return merged.names();
    }

    /** New values of the weights of a tensor that the merge changes; empty if it changes none. */
    public Optional<TensorUpdate> update(String name) {
        SparseTensor change = merged.tensor(name);
        int[] indices = change.indices();
        if (indices.length == 0) {
            return Optional.empty();
        }
        float[] values = sum(base.read(name, indices), change);
        for (int t = 0; t < tasks.size(); t++) {
            restore(values, change, tasks.get(t).tensor(name), adapters.get(t), name);
        }
        return Optional.of(TensorUpdate.listed(name, shape(name), indices, values));
    }

    /** All of them at once, in memory. */
    public List<TensorUpdate> updates() {
        return names().stream().flatMap(name -> update(name).stream()).toList();
    }

    /** Where the adapters meet. */
    public Interference interference() {
        return Interference.of(tasks);
    }

    /** Number of weights that get a new value. */
    public long size() {
        return merged.entries();
    }

    private Shape shape(String name) {
        return Objects.requireNonNull(shapes.get(name), name);
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

    private static void restore(float[] values, SparseTensor merged, SparseTensor own, Adapter adapter, String name) {
        if (own.indices().length == 0) {
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
