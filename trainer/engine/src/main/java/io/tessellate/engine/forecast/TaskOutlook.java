package io.tessellate.engine.forecast;

import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import java.util.List;

/**
 * What a training would meet on a version of a model; nothing is reserved by it.
 *
 * @param task what it would be called
 * @param version it would be trained on
 * @param mask what it would choose
 * @param owners the version's tasks in their order
 * @param more how many more such tasks would fit behind it; 0 if it does not fit itself
 * @param leftOut earlier tasks that it could not be held against, with the reason
 */
public record TaskOutlook(
        TaskId task, int version, MaskForecast mask, List<Owner> owners, long more, List<String> leftOut) {
    public TaskOutlook {
        owners = List.copyOf(owners);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * What an earlier task has of it.
     *
     * @param owned weights that it owns
     * @param wanted of those, what the new task would choose if nothing were owned
     */
    public record Owner(TaskName task, int version, long owned, long wanted) {}
}
