package io.tessellate.evaluator.scoring;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskReady;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where the closed datasets lie, by task and content: a fold over {@code tasks}. */
final class DatasetIndex {
    private record Key(TaskId task, Sha256 digest) {}

    private final Map<Key, TaskReady> datasets = new ConcurrentHashMap<>();

    void apply(TaskEvent event) {
        TaskReady ready = event.getReady();
        if (ready != null) {
            TaskId task = TaskId.of(event.getModel(), event.getTask());
            datasets.put(new Key(task, new Sha256(ready.getDatasetDigest())), ready);
        }
    }

    TaskReady require(TaskId task, Sha256 digest) {
        TaskReady ready = datasets.get(new Key(task, digest));
        if (ready == null) {
            throw new TessellateException(
                    ErrorCode.UNKNOWN_TASK, "dataset %s of %s is in no event".formatted(digest, task));
        }
        return ready;
    }
}
