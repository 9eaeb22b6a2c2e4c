package io.tessellate.mask.merge;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keeps a task vector's largest entries, exactly as many as asked for. */
final class Trimming {
    private Trimming() {}

    /** The {@code count} entries of largest absolute value, ties to the lower tensor and index; all if there are fewer. */
    static TaskVector of(TaskVector task, long count) {
        if (task.entries() <= count) {
            return task;
        }
        float threshold = threshold(task, (int) count);
        long above = task.tensors().values().stream()
                .mapToLong(tensor -> above(tensor, threshold))
                .sum();
        long[] ties = {count - above};
        SortedMap<String, SparseTensor> kept = new TreeMap<>();
        task.tensors().forEach((name, tensor) -> kept.put(name, keep(tensor, threshold, ties)));
        return new TaskVector(kept);
    }

    /** The count-th largest absolute value; infinite for 0. */
    private static float threshold(TaskVector task, int count) {
        float[] sizes = new float[(int) task.entries()];
        int next = 0;
        for (SparseTensor tensor : task.tensors().values()) {
            for (float value : tensor.values()) {
                sizes[next++] = Math.abs(value);
            }
        }
        Arrays.sort(sizes);
        return count == 0 ? Float.POSITIVE_INFINITY : sizes[sizes.length - count];
    }

    private static long above(SparseTensor tensor, float threshold) {
        long count = 0;
        for (float value : tensor.values()) {
            count += Math.abs(value) > threshold ? 1 : 0;
        }
        return count;
    }

    private static SparseTensor keep(SparseTensor tensor, float threshold, long[] ties) {
        int[] indices = new int[tensor.indices().length];
        float[] values = new float[indices.length];
        int kept = 0;
        for (int n = 0; n < indices.length; n++) {
            float size = Math.abs(tensor.values()[n]);
            if (size > threshold || size == threshold && ties[0]-- > 0) {
                indices[kept] = tensor.indices()[n];
                values[kept++] = tensor.values()[n];
            }
        }
        return new SparseTensor(Arrays.copyOf(indices, kept), Arrays.copyOf(values, kept));
    }
}
