package io.tessellate.engine.objective;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import java.util.List;

/**
 * What a task is and what it is trained on.
 *
 * @param task the task
 * @param objective what its head is trained towards
 * @param labels outputs of its head: number of classes, or 1 for a regression
 * @param train its train split
 */
public record TaskData(TaskId task, TrainingObjective objective, int labels, List<EncodedExample> train) {
    /** Copies the examples and refuses an empty split. */
    public TaskData {
        train = List.copyOf(train);
        if (train.isEmpty()) {
            throw new TessellateException(ErrorCode.EMPTY_SPLIT, "task %s has no train example".formatted(task));
        }
    }

    /** The units of its targets. */
    public ValueUnits units() {
        return objective.units(train);
    }

    /** The same with targets in standard units. */
    public TaskData inStandardUnits() {
        return new TaskData(task, objective, labels, units().standard(train));
    }
}
