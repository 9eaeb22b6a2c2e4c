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
     */
    public record Entry(String task, long count, Map<String, Long> codes) {
        /** Copies the counts. */
        public Entry {
            codes = Map.copyOf(codes);
        }
    }

    private final Map<TaskId, Map<String, Long>> counts = new TreeMap<>();
    private long revision;

    /** Counts one dead letter. */
    public synchronized void count(TaskId task, String code) {
        counts.computeIfAbsent(task, id -> new TreeMap<>()).merge(code, 1L, Long::sum);
        revision++;
    }

    /** Tasks with dead letters. */
    public synchronized List<Entry> entries() {
        return counts.entrySet().stream()
                .map(entry -> new Entry(
                        entry.getKey().toString(),
                        entry.getValue().values().stream()
                                .mapToLong(Long::longValue)
                                .sum(),
                        entry.getValue()))
                .toList();
    }

    /** A number that grows with every dead letter. */
    public synchronized long revision() {
        return revision;
    }
}
