package io.tessellate.registry.client;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.ClosedDatasetCodec;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskDuplicate;
import io.tessellate.event.TaskEvent;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fold of ingest's log: where the closed datasets lie, by task and content, in which order a model's were closed, and which task's
 * dataset came again under another name.
 */
public final class DatasetIndex {
    private final Map<Key, ClosedDataset> byContent = new HashMap<>();
    private final Map<TaskId, ClosedDataset> newest = new HashMap<>();
    private final Map<TaskId, TaskId> originals = new HashMap<>();
    private final Map<ModelName, List<ClosedDataset>> order = new HashMap<>();

    private record Key(TaskId task, Sha256 digest) {}

    /** Takes the next event of its model. */
    public synchronized void apply(TaskEvent event) {
        ClosedDatasetCodec.fromAvro(event).ifPresent(this::close);
        if (event.getDuplicate() != null) {
            recognise(TaskId.of(event.getModel(), event.getTask()), event.getDuplicate());
        }
    }

    private void close(ClosedDataset dataset) {
        byContent.put(new Key(dataset.task(), dataset.digest()), dataset);
        newest.put(dataset.task(), dataset);
        originals.remove(dataset.task());
        order.computeIfAbsent(dataset.task().model(), model -> new ArrayList<>())
                .add(dataset);
    }

    private void recognise(TaskId task, TaskDuplicate again) {
        TaskId original = TaskId.of(task.model().value(), again.getDuplicateOf());
        if (!original.equals(task)) {
            originals.put(task, original);
        }
    }

    /** A dataset by its content, if it was closed. */
    public synchronized Optional<ClosedDataset> find(TaskId task, Sha256 digest) {
        return Optional.ofNullable(byContent.get(new Key(task, digest)));
    }

    /** A dataset that must have been closed. */
    public ClosedDataset require(TaskId task, Sha256 digest) {
        return find(task, digest)
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNKNOWN_TASK, "dataset %s of %s is in no event".formatted(digest, task)));
    }

    /** The dataset that was closed last under a task's name, if one was. */
    public synchronized Optional<ClosedDataset> newest(TaskId task) {
        return Optional.ofNullable(newest.get(task));
    }

    /** The other task of the model whose dataset came last under a task's name, if one did. */
    public synchronized Optional<TaskId> original(TaskId task) {
        return Optional.ofNullable(originals.get(task));
    }

    /** The datasets of a model that were closed before a run's own, in order; empty while that one is not known. */
    public synchronized Optional<List<ClosedDataset>> before(ModelName model, RunId run) {
        List<ClosedDataset> all = order.getOrDefault(model, List.of());
        for (int n = 0; n < all.size(); n++) {
            if (all.get(n).run().equals(run)) {
                return Optional.of(List.copyOf(all.subList(0, n)));
            }
        }
        return Optional.empty();
    }
}
