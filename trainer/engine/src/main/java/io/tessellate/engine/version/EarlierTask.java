package io.tessellate.engine.version;

import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.objective.TaskData;

/**
 * A task the model has learnt, to be replayed.
 *
 * @param data what it was trained on
 * @param head its head as committed; stays as it is
 * @param ordinal its place among the tasks of the parent version, which may have others that are not looked back at
 */
public record EarlierTask(TaskData data, Head head, int ordinal) {
    /** The same with targets, and a head that gives them, in standard units. */
    public EarlierTask inStandardUnits() {
        return new EarlierTask(data.inStandardUnits(), data.units().standard(head), ordinal);
    }
}
