package io.tessellate.evaluator.view;

import io.tessellate.id.TaskId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many records were put aside, by task and reason. May be read and fed from different threads. */
public final class DeadLetterBook {
    /**
     * A task's dead letters.
     *
     * @param task task as {@code model/task}
     * @param count all of them
     * @param codes how many for each code of the error table
     * @param newest the newest of each code that was looked at
     */
    public record Entry(String task, long count, Map<String, Long> codes, List<DeadLetterSample> newest) {
        /** Copies the counts. */
        public Entry {
            codes = Map.copyOf(codes);
            newest = List.copyOf(newest);
        }
    }

    /** What is known of one task. */
    private static final class Letters {
        private final Map<String, Long> counts = new TreeMap<>();
        private final Map<String, DeadLetterSample> newest = new TreeMap<>();
    }

    private final Map<TaskId, Letters> letters = new TreeMap<>();
    private long revision;

    /** Counts one dead letter. */
    public synchronized void count(TaskId task, String code) {
        of(task).counts.merge(code, 1L, Long::sum);
        revision++;
    }

    /** Counts one dead letter, and keeps it until the next of its code. */
    public synchronized void take(TaskId task, DeadLetterSample letter) {
        count(task, letter.code());
        of(task).newest.put(letter.code(), letter);
    }

    private Letters of(TaskId task) {
        return letters.computeIfAbsent(task, id -> new Letters());
    }

    /** Tasks with dead letters. */
    public synchronized List<Entry> entries() {
        return letters.entrySet().stream()
                .map(entry -> new Entry(
                        entry.getKey().toString(),
                        entry.getValue().counts.values().stream()
                                .mapToLong(Long::longValue)
                                .sum(),
                        entry.getValue().counts,
                        List.copyOf(entry.getValue().newest.values())))
                .toList();
    }

    /** A number that grows with every dead letter. */
    public synchronized long revision() {
        return revision;
    }
}
