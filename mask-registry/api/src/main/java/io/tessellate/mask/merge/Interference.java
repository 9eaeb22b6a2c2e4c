package io.tessellate.mask.merge;

import java.util.ArrayList;
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

    /** Counts them, tensor by tensor. */
    public static Interference of(List<TaskVector> tasks) {
        Census census = new Census(tasks.size());
        for (String name : Entrywise.names(tasks)) {
            Entrywise.walk(tasks.stream().map(task -> task.tensor(name)).toList(), census);
        }
        return census.counted();
    }

    private static final class Census implements Entrywise.EntryVisitor {
        private final int tasks;
        /** [first][second] */
        private final long[][] sharedByTwo;

        private final long[][] opposedOfTwo;
        private long shared;
        private long opposed;

        Census(int tasks) {
            this.tasks = tasks;
            this.sharedByTwo = new long[tasks][tasks];
            this.opposedOfTwo = new long[tasks][tasks];
        }

        @Override
        public void entry(int index, float[] values, boolean[] setters) {
            int count = 0;
            boolean raised = false;
            boolean lowered = false;
            for (int t = 0; t < tasks; t++) {
                count += setters[t] ? 1 : 0;
                raised |= values[t] > 0;
                lowered |= values[t] < 0;
            }
            if (count > 1) {
                shared++;
                opposed += raised && lowered ? 1 : 0;
                everyTwo(values, setters);
            }
        }

        private void everyTwo(float[] values, boolean[] setters) {
            for (int a = 0; a < tasks; a++) {
                for (int b = a + 1; b < tasks && setters[a]; b++) {
                    if (setters[b]) {
                        sharedByTwo[a][b]++;
                        opposedOfTwo[a][b] += values[a] > 0 && values[b] < 0 || values[a] < 0 && values[b] > 0 ? 1 : 0;
                    }
                }
            }
        }

        Interference counted() {
            List<Pair> pairs = new ArrayList<>();
            for (int a = 0; a < tasks; a++) {
                for (int b = a + 1; b < tasks; b++) {
                    pairs.add(new Pair(a, b, sharedByTwo[a][b], opposedOfTwo[a][b]));
                }
            }
            return new Interference(pairs, shared, opposed);
        }
    }
}
