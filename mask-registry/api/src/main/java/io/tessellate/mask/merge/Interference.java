package io.tessellate.mask.merge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How task vectors get in each other's way.
 *
 * @param pairs every two tasks, in the order of the tasks
 * @param shared weights that more than one task sets
 * @param opposed weights that some tasks raise and others lower
 */
public record Interference(List<Pair> pairs, long shared, long opposed) {
    /** Copies the list. */
    public Interference {
        pairs = List.copyOf(pairs);
    }

    /**
     * Two tasks.
     *
     * @param first place of one in the list of tasks
     * @param second place of the other
     * @param shared weights that both set
     * @param opposed weights that one raises and the other lowers
     */
    public record Pair(int first, int second, long shared, long opposed) {}

    /** Counts them. */
    public static Interference of(List<TaskVector> tasks) {
        Census all = Census.of(tasks);
        List<Pair> pairs = new ArrayList<>();
        for (int a = 0; a < tasks.size(); a++) {
            for (int b = a + 1; b < tasks.size(); b++) {
                Census two = Census.of(List.of(tasks.get(a), tasks.get(b)));
                pairs.add(new Pair(a, b, two.shared, two.opposed));
            }
        }
        return new Interference(pairs, all.shared, all.opposed);
    }

    private record Census(long shared, long opposed) {
        static Census of(List<TaskVector> tasks) {
            long shared = 0;
            long opposed = 0;
            for (String name : Entrywise.names(tasks)) {
                List<SparseTensor> parts = Entrywise.tensors(tasks, name);
                shared += repeated(parts);
                opposed += opposed(parts);
            }
            return new Census(shared, opposed);
        }

        /** How many indices more than one part has. */
        private static long repeated(List<SparseTensor> parts) {
            int[] setters = parts.stream()
                    .flatMapToInt(part -> Arrays.stream(part.indices()))
                    .sorted()
                    .toArray();
            long count = 0;
            for (int n = 1; n < setters.length; n++) {
                boolean again = setters[n] == setters[n - 1];
                boolean counted = n > 1 && setters[n - 1] == setters[n - 2];
                count += again && !counted ? 1 : 0;
            }
            return count;
        }

        private static long opposed(List<SparseTensor> parts) {
            SparseTensor mixed = Entrywise.tensor(parts, values -> {
                boolean raised = false;
                boolean lowered = false;
                for (float value : values) {
                    raised |= value > 0;
                    lowered |= value < 0;
                }
                return raised && lowered ? 1 : 0;
            });
            long count = 0;
            for (float value : mixed.values()) {
                count += (long) value;
            }
            return count;
        }
    }
}
