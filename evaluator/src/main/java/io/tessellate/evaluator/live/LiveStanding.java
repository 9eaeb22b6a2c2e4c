package io.tessellate.evaluator.live;

import io.tessellate.id.TaskId;
import java.time.Instant;
import java.util.List;

/**
 * How a task does on what it is asked.
 *
 * @param scores one for each view and version that answered something whose label came back; the newest versions only
 * @param at when it was counted
 */
public record LiveStanding(TaskId task, List<LiveScore> scores, LiveCounts counts, Instant at) {
    /** Copies the list. */
    public LiveStanding {
        scores = List.copyOf(scores);
    }
}
