package io.tessellate.engine.version;

import io.tessellate.engine.model.weights.Weights;
import java.util.List;

/**
 * The tasks that a run looks back at, with the version that has learnt them.
 *
 * @param version the version
 * @param tasks in the order of their commits; some of the version's may be missing
 */
public record LearntTasks(ParentVersion version, List<EarlierTask> tasks) {
    public LearntTasks {
        tasks = List.copyOf(tasks);
    }

    /** A task's own view. The weights are the version's and change with the next view. */
    public Weights view(EarlierTask task) {
        return version.views().task(task.ordinal());
    }
}
