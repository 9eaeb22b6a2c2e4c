package io.tessellate.worker;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.ClosedDatasetCodec;
import io.tessellate.event.TaskEvent;
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
    private final Map<Key, ClosedDataset> datasets = new HashMap<>();
    private final Map<ModelName, List<Closed>> order = new HashMap<>();

    /**
     * A closed dataset.
     *
     * @param parallel whether it asks to be trained beside others
     */
    record Closed(TaskId task, RunId run, boolean parallel) {}

    synchronized void apply(TaskEvent event) {
        ClosedDatasetCodec.fromAvro(event).ifPresent(this::add);
    }

    private void add(ClosedDataset dataset) {
        datasets.put(new Key(dataset.task(), dataset.digest()), dataset);
        order.computeIfAbsent(dataset.task().model(), model -> new ArrayList<>())
                .add(new Closed(dataset.task(), dataset.run(), isParallel(dataset)));
    }

    /** Whether a dataset's manifest asks for it, whatever else is wrong with its recipe. */
    static boolean isParallel(ClosedDataset dataset) {
        return Boolean.TRUE.equals(dataset.manifest().recipe().get(RecipeField.PARALLEL.text()));
    }

    synchronized Optional<ClosedDataset> find(TaskId task, Sha256 dataset) {
        return Optional.ofNullable(datasets.get(new Key(task, dataset)));
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
