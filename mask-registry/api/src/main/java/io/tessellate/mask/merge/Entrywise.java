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
        int[] all = parts.stream()
                .flatMapToInt(part -> Arrays.stream(part.indices()))
                .sorted()
                .distinct()
                .toArray();
        int[] places = new int[parts.size()];
        float[] values = new float[all.length];
        float[] entry = new float[parts.size()];
        for (int n = 0; n < all.length; n++) {
            for (int p = 0; p < places.length; p++) {
                SparseTensor part = parts.get(p);
                boolean here = places[p] < part.indices().length && part.indices()[places[p]] == all[n];
                entry[p] = here ? part.values()[places[p]++] : 0;
            }
            values[n] = (float) rule.applyAsDouble(entry);
        }
        return new SparseTensor(all, values);
    }
}
