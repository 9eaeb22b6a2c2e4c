package io.tessellate.engine.version;

import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.recipe.MaskSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tasks that a run looks back at, with the version that has learnt them.
 *
 * @param version the version
 * @param tasks in the order of their commits; some of the version's may be missing
 * @param unlearnt a dataset that no version has learnt, by which the mask is calibrated
 */
public record LearntTasks(ParentVersion version, List<EarlierTask> tasks, Optional<TaskData> unlearnt) {
    public LearntTasks {
        tasks = List.copyOf(tasks);
    }

    /** The tasks alone. */
    public LearntTasks(ParentVersion version, List<EarlierTask> tasks) {
        this(version, tasks, Optional.empty());
    }

    /** Those whose examples are at hand. */
    public List<EarlierTask> remembered() {
        return tasks.stream().filter(EarlierTask::isRemembered).toList();
    }

    /** The data of the task of that name, {@code TASK} or {@code MODEL/TASK}, among those learnt and not; of records of a topic those given. */
    public Optional<TaskData> data(String name) {
        return Stream.concat(tasks.stream().map(EarlierTask::data).flatMap(Optional::stream), unlearnt.stream())
                .filter(data -> data.task().task().value().equals(name)
                        || name.equals(data.task().toString())
                        || name.startsWith(data.task() + "@"))
                .findFirst()
                .or(() -> MaskSource.parse(name) instanceof MaskSource.Records ? unlearnt : Optional.empty());
    }

    /** A task's own view. The weights are the version's and change with the next view. */
    public Weights view(EarlierTask task) {
        return version.views().task(task.ordinal());
    }
}
