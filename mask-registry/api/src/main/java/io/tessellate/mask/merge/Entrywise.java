package io.tessellate.mask.merge;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** Goes through the entries that any task has, with the values all tasks have there; a task without the entry has 0. */
final class Entrywise {
    private Entrywise() {}

    static TaskVector merge(List<TaskVector> tasks, ToDoubleFunction<float[]> rule) {
        SortedMap<String, SparseTensor> merged = new TreeMap<>();
        names(tasks).forEach(name -> merged.put(name, tensor(tensors(tasks, name), rule)));
        return new TaskVector(merged);
    }

    /** The tensors that any task changes. */
    static SortedSet<String> names(List<TaskVector> tasks) {
        SortedSet<String> names = new TreeSet<>();
        tasks.forEach(task -> names.addAll(task.tensors().keySet()));
        return names;
    }

    /** One tensor of every task; without entries where a task does not change it. */
    static List<SparseTensor> tensors(List<TaskVector> tasks, String name) {
        return tasks.stream()
                .map(task -> task.tensors().getOrDefault(name, new SparseTensor(new int[0], new float[0])))
                .toList();
    }

    static SparseTensor tensor(List<SparseTensor> parts, ToDoubleFunction<float[]> rule) {
        int most = parts.stream().mapToInt(part -> part.indices().length).sum();
        int[] indices = new int[most];
        float[] values = new float[most];
        int[] places = new int[parts.size()];
        float[] entry = new float[parts.size()];
        int count = 0;
        for (int index = next(parts, places); index < Integer.MAX_VALUE; index = next(parts, places)) {
            for (int p = 0; p < places.length; p++) {
                SparseTensor part = parts.get(p);
                boolean here = places[p] < part.indices().length && part.indices()[places[p]] == index;
                entry[p] = here ? part.values()[places[p]++] : 0;
            }
            indices[count] = index;
            values[count++] = (float) rule.applyAsDouble(entry);
        }
        return new SparseTensor(Arrays.copyOf(indices, count), Arrays.copyOf(values, count));
    }

    /** The lowest index that is still to come; the largest number there is at the end. */
    private static int next(List<SparseTensor> parts, int[] places) {
        int next = Integer.MAX_VALUE;
        for (int p = 0; p < places.length; p++) {
            int[] indices = parts.get(p).indices();
            next = places[p] < indices.length ? Math.min(next, indices[places[p]]) : next;
        }
        return next;
    }
}
