package io.tessellate.mask.merge;

import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Goes through the entries that any task has, with the values all tasks have there; a task without the entry has 0.
 *
 * @param tasks whose entries are merged
 * @param rule what becomes of the values of one entry
 */
record Entrywise(List<TaskVector> tasks, ToDoubleFunction<float[]> rule) implements TaskVector {
    @Override
    public SortedSet<String> names() {
        return names(tasks);
    }

    /** The tensors that any task changes. */
    static SortedSet<String> names(List<TaskVector> tasks) {
        SortedSet<String> names = new TreeSet<>();
        tasks.forEach(task -> names.addAll(task.names()));
        return names;
    }

    @Override
    public SparseTensor tensor(String name) {
        List<SparseTensor> parts = tasks.stream().map(task -> task.tensor(name)).toList();
        int most = most(parts);
        int[] indices = new int[most];
        float[] values = new float[most];
        int[] count = {0};
        walk(parts, (index, entry, setters) -> {
            indices[count[0]] = index;
            values[count[0]++] = (float) rule.applyAsDouble(entry);
        });
        return new SparseTensor(Arrays.copyOf(indices, count[0]), Arrays.copyOf(values, count[0]));
    }

    /** No fewer than the entries that any part has: neither their sum nor the highest index can be passed. */
    private static int most(List<SparseTensor> parts) {
        long sum = 0;
        int end = 0;
        for (SparseTensor part : parts) {
            int[] indices = part.indices();
            sum += indices.length;
            end = indices.length == 0 ? end : Math.max(end, indices[indices.length - 1] + 1);
        }
        return (int) Math.min(sum, end);
    }

    /** Visits the entries in ascending order. */
    static void walk(List<SparseTensor> parts, EntryVisitor visitor) {
        int[] places = new int[parts.size()];
        float[] entry = new float[parts.size()];
        boolean[] setters = new boolean[parts.size()];
        for (int index = next(parts, places); index < Integer.MAX_VALUE; index = next(parts, places)) {
            for (int p = 0; p < places.length; p++) {
                SparseTensor part = parts.get(p);
                setters[p] = places[p] < part.indices().length && part.indices()[places[p]] == index;
                entry[p] = setters[p] ? part.values()[places[p]++] : 0;
            }
            visitor.entry(index, entry, setters);
        }
    }

    /** The lowest index that is still to come; the largest number there is, which no tensor is long enough for, at the end. */
    private static int next(List<SparseTensor> parts, int[] places) {
        int next = Integer.MAX_VALUE;
        for (int p = 0; p < places.length; p++) {
            int[] indices = parts.get(p).indices();
            next = places[p] < indices.length ? Math.min(next, indices[places[p]]) : next;
        }
        return next;
    }

    /** Sees one entry; both arrays are used again afterwards. */
    @FunctionalInterface
    interface EntryVisitor {
        void entry(int index, float[] values, boolean[] setters);
    }
}
