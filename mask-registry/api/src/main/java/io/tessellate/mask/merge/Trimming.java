package io.tessellate.mask.merge;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;

/**
 * Keeps a task vector's largest entries, exactly as many as asked for. Two passes that count by the upper and the lower half of
 * the values' bits find the smallest that is kept, so no list of all values is made.
 */
final class Trimming implements TaskVector {
    private static final int HALF = 1 << 16;

    private final TaskVector task;
    /** Absolute values above it are kept, those that equal it while there are ties left. */
    private final float threshold;
    /** How many entries that equal the threshold are kept of each tensor. */
    private final Map<String, Long> ties = new HashMap<>();

    private Trimming(TaskVector task, long count) {
        this.task = task;
        this.threshold = threshold(task, count);
        long above = 0;
        Map<String, Long> equal = new HashMap<>();
        for (String name : task.names()) {
            long equals = 0;
            for (float value : task.tensor(name).values()) {
                above += Math.abs(value) > threshold ? 1 : 0;
                equals += Math.abs(value) == threshold ? 1 : 0;
            }
            equal.put(name, equals);
        }
        long left = count - above;
        for (String name : task.names()) {
            long kept = Math.min(left, equal.getOrDefault(name, 0L));
            ties.put(name, kept);
            left -= kept;
        }
    }

    /** The {@code count} entries of largest absolute value, ties to the lower tensor and index; all if there are fewer. */
    static TaskVector of(TaskVector task, long count) {
        return task.entries() <= count ? task : new Trimming(task, count);
    }

    /** The count-th largest absolute value; infinite for 0. */
    private static float threshold(TaskVector task, long count) {
        if (count == 0) {
            return Float.POSITIVE_INFINITY;
        }
        long[] high = new long[HALF];
        count(task, bits -> high[bits >>> 16]++);
        long rest = count;
        int upper = HALF - 1;
        for (; high[upper] < rest; upper--) {
            rest -= high[upper];
        }
        long[] low = new long[HALF];
        int found = upper;
        count(task, bits -> low[bits & HALF - 1] += bits >>> 16 == found ? 1 : 0);
        int lower = HALF - 1;
        for (; low[lower] < rest; lower--) {
            rest -= low[lower];
        }
        return Float.intBitsToFloat(upper << 16 | lower);
    }

    /** The bits of numbers of at least 0 are in the order of the numbers. */
    private static void count(TaskVector task, Counter counter) {
        for (String name : task.names()) {
            for (float value : task.tensor(name).values()) {
                counter.seen(Float.floatToRawIntBits(Math.abs(value)));
            }
        }
    }

    @Override
    public SortedSet<String> names() {
        return task.names();
    }

    @Override
    public SparseTensor tensor(String name) {
        SparseTensor tensor = task.tensor(name);
        long left = ties.getOrDefault(name, 0L);
        int[] indices = new int[tensor.indices().length];
        float[] values = new float[indices.length];
        int kept = 0;
        for (int n = 0; n < indices.length; n++) {
            float size = Math.abs(tensor.values()[n]);
            if (size > threshold || size == threshold && left-- > 0) {
                indices[kept] = tensor.indices()[n];
                values[kept++] = tensor.values()[n];
            }
        }
        return new SparseTensor(Arrays.copyOf(indices, kept), Arrays.copyOf(values, kept));
    }

    @FunctionalInterface
    private interface Counter {
        void seen(int bits);
    }
}
