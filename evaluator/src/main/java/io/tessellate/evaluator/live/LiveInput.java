package io.tessellate.evaluator.live;

import io.tessellate.id.TaskId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What comes to be joined: answers, and labels that came back. */
public sealed interface LiveInput {
    /** Goes into a fold, as of a time. */
    void into(LiveFold fold, Instant at);

    /**
     * A task has answered.
     *
     * @param id under which the label may come; null if there was none
     */
    record Answered(TaskId task, @Nullable String id, LiveAnswer answer) implements LiveInput {
        @Override
        public void into(LiveFold fold, Instant at) {
            fold.take(task, id, answer, at);
        }
    }

    /** A label came back. */
    record Labelled(TaskId task, String id, LiveLabel label) implements LiveInput {
        @Override
        public void into(LiveFold fold, Instant at) {
            fold.take(task, id, label, at);
        }
    }
}
