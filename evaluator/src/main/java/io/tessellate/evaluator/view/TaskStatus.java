package io.tessellate.evaluator.view;

import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task and how far it has come.
 *
 * @param version version the task was committed as, once it was
 * @param counts what became of its records
 * @param run run that trains it, once its dataset is closed
 * @param firstSeen when it was first heard of
 * @param updated when it was last heard of
 */
public record TaskStatus(
        TaskId id,
        TaskState state,
        @Nullable Integer version,
        Counts counts,
        @Nullable RunId run,
        Instant firstSeen,
        Instant updated) {

    /** The JSON that scripts rely on, with the progress of a running training added. */
    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("task", id.toString());
        json.put("state", state.label());
        json.put("version", version);
        json.put("read", counts.read());
        json.put("accepted", counts.accepted());
        json.put("deadLettered", counts.deadLettered());
        json.put("duplicates", counts.duplicates());
        json.put("error", state.problem());
        json.put("progress", state instanceof TaskState.Training training ? training : null);
        json.put("run", run == null ? null : run.value());
        json.put("updated", updated.toString());
        return json;
    }
}
