package io.tessellate.registry.client;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskReady;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fold of ingest's log: where the closed datasets lie, by task and content, and in which order a model's were closed. */
public final class DatasetIndex {
    private final Map<Key, TaskReady> byContent = new HashMap<>();
    private final Map<TaskId, TaskReady> newest = new HashMap<>();
    private final Map<ModelName, List<Closed>> order = new HashMap<>();

    private record Key(TaskId task, Sha256 digest) {}

    /**
     * A dataset of a model, in the order in which they were closed.
     *
     * @param run that trains it
     * @param dataset where it lies, and how it is trained
     */
    public record Closed(TaskId task, RunId run, TaskReady dataset) {}

    /** Takes the next event of its model. */
    public synchronized void apply(TaskEvent event) {
        TaskReady dataset = event.getReady();
        if (dataset != null) {
            TaskId task = TaskId.of(event.getModel(), event.getTask());
            byContent.put(new Key(task, new Sha256(dataset.getDatasetDigest())), dataset);
            newest.put(task, dataset);
            order.computeIfAbsent(task.model(), model -> new ArrayList<>())
                    .add(new Closed(task, new RunId(dataset.getRunId()), dataset));
        }
    }

    /** A dataset by its content, if it was closed. */
    public synchronized Optional<TaskReady> find(TaskId task, Sha256 digest) {
        return Optional.ofNullable(byContent.get(new Key(task, digest)));
    }

    /** A dataset that must have been closed. */
    public TaskReady require(TaskId task, Sha256 digest) {
        return find(task, digest)
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNKNOWN_TASK, "dataset %s of %s is in no event".formatted(digest, task)));
    }

    /** The dataset that was closed last under a task's name, if one was. */
    public synchronized Optional<TaskReady> newest(TaskId task) {
        return Optional.ofNullable(newest.get(task));
    }

    /** The datasets of a model that were closed before a run's own, in order; empty while that one is not known. */
    public synchronized Optional<List<Closed>> before(ModelName model, RunId run) {
        List<Closed> all = order.getOrDefault(model, List.of());
        for (int n = 0; n < all.size(); n++) {
            if (all.get(n).run().equals(run)) {
                return Optional.of(List.copyOf(all.subList(0, n)));
            }
        }
        return Optional.empty();
    }
}
