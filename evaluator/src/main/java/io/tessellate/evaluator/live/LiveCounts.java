package io.tessellate.evaluator.live;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumMap;
import java.util.Map;

/**
 * What became of a task's answers and labels.
 *
 * @param all what was counted; what is not there is 0
 */
public record LiveCounts(@JsonValue Map<LiveCount, Long> all) {
    static final LiveCounts NONE = new LiveCounts(Map.of());

    /** Copies the counts. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public LiveCounts {
        all = Map.copyOf(all);
    }

    /** How many of one kind. */
    public long of(LiveCount what) {
        return all.getOrDefault(what, 0L);
    }

    LiveCounts plus(LiveCount what, long more) {
        Map<LiveCount, Long> next = new EnumMap<>(LiveCount.class);
        next.putAll(all);
        next.merge(what, more, Long::sum);
        return new LiveCounts(next);
    }
}
