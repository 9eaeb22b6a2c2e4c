package io.tessellate.evaluator.scoring;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.ClosedDatasetCodec;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where the closed datasets lie, by task and content: a fold over {@code tasks}. */
final class DatasetIndex {
    private record Key(TaskId task, Sha256 digest) {}

    private final Map<Key, ClosedDataset> datasets = new ConcurrentHashMap<>();

    void apply(TaskEvent event) {
        ClosedDatasetCodec.fromAvro(event)
                .ifPresent(closed -> datasets.put(new Key(closed.task(), closed.digest()), closed));
    }

    ClosedDataset require(TaskId task, Sha256 digest) {
        ClosedDataset closed = datasets.get(new Key(task, digest));
        if (closed == null) {
            throw new TessellateException(
                    ErrorCode.UNKNOWN_TASK, "dataset %s of %s is in no event".formatted(digest, task));
        }
        return closed;
    }
}
