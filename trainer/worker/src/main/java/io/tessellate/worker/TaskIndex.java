package io.tessellate.worker;

import io.tessellate.dataset.manifest.RecipeValues;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskReady;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.recipe.RecipeField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fold of ingest's log: where the closed datasets lie, by task and content, and in which order a model's were closed. */
final class TaskIndex {
    private final Map<Key, TaskReady> ready = new HashMap<>();
    private final Map<ModelName, List<Closed>> order = new HashMap<>();

    /**
     * A closed dataset.
     *
     * @param parallel whether it asks to be trained beside others
     */
    record Closed(TaskId task, RunId run, boolean parallel) {}

    synchronized void apply(TaskEvent event) {
        TaskReady dataset = event.getReady();
        if (dataset != null) {
            TaskId task = TaskId.of(event.getModel(), event.getTask());
            ready.put(new Key(task, new Sha256(dataset.getDatasetDigest())), dataset);
            order.computeIfAbsent(task.model(), model -> new ArrayList<>())
                    .add(new Closed(task, new RunId(dataset.getRunId()), isParallel(dataset)));
        }
    }

    /** Whether a dataset's manifest asks for it, whatever else is wrong with its recipe. */
    static boolean isParallel(TaskReady dataset) {
        return Boolean.TRUE.equals(
                RecipeValues.given(dataset.getManifest().getRecipe()).get(RecipeField.PARALLEL.text()));
    }

    synchronized Optional<TaskReady> find(TaskId task, Sha256 dataset) {
        return Optional.ofNullable(ready.get(new Key(task, dataset)));
    }

    /** The datasets of a model that were closed before a run's own, in order; empty while that one is not known. */
    synchronized Optional<List<Closed>> before(ModelName model, RunId run) {
        List<Closed> all = order.getOrDefault(model, List.of());
        for (int n = 0; n < all.size(); n++) {
            if (all.get(n).run().equals(run)) {
                return Optional.of(List.copyOf(all.subList(0, n)));
            }
        }
        return Optional.empty();
    }

    private record Key(TaskId task, Sha256 dataset) {}
}
