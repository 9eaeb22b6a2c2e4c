package io.tessellate.evaluator.http;

import io.tessellate.evaluator.analysis.BlameQuestion;
import io.tessellate.id.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * What may be said beside the task.
 *
 * @param version at which the union view is scored
 * @param scorings how many there may be
 * @param who asks, beside the token's name; nobody vouches for it
 * @param why for the log
 */
record BlameBody(
        @Nullable Integer version,
        @Nullable Integer scorings,
        @Nullable String who,
        @Nullable String why) {
    BlameQuestion question(TaskId task, String token) {
        return new BlameQuestion(
                task, Bodies.optional(version), Bodies.optional(scorings), Bodies.author(who, why, token));
    }
}
