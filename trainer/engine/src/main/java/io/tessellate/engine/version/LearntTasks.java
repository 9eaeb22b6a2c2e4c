package io.tessellate.engine.version;

import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.TaskData;
import java.util.List;
import java.util.Optional;

/**
 * The tasks that a run looks back at, with the version that has learnt them.
 *
 * @param version the version
 * @param tasks in the order of their commits; some of the version's may be missing
 * @param maskData what the mask is calibrated on where that is not the run's own data
 */
public record LearntTasks(ParentVersion version, List<EarlierTask> tasks, Optional<TaskData> maskData) {
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

    /** A task's own view. The weights are the version's and change with the next view. */
    public Weights view(EarlierTask task) {
        return version.views().task(task.ordinal());
    }
}
