package io.tessellate.worker;

import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskReady;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Fold of ingest's log: where the closed datasets lie, by task and content. */
final class TaskIndex {
    private final Map<Key, TaskReady> ready = new ConcurrentHashMap<>();

    void apply(TaskEvent event) {
        TaskReady dataset = event.getReady();
        if (dataset != null) {
            TaskId task = TaskId.of(event.getModel(), event.getTask());
            ready.put(new Key(task, new Sha256(dataset.getDatasetDigest())), dataset);
        }
    }

    Optional<TaskReady> find(TaskId task, Sha256 dataset) {
        return Optional.ofNullable(ready.get(new Key(task, dataset)));
    }

    private record Key(TaskId task, Sha256 dataset) {}
}
