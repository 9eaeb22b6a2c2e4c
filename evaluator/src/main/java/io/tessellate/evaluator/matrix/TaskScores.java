package io.tessellate.evaluator.matrix;

import org.jspecify.annotations.Nullable;

/**
 * One task of a version in one view. What was not measured is null.
 *
 * @param now its score
 * @param learnt its score at the version it was committed as
 * @param best its best score at an earlier version that was not taken out
 * @param newest whether the version was made by training it
 */
public record TaskScores(
        @Nullable Double now,
        @Nullable Double learnt,
        @Nullable Double best,
        boolean newest) {
    /** Best earlier score minus the one now; 0 for the newest, null where one of them is missing. */
    @Nullable
    Double drop() {
        if (newest) {
            return now == null ? null : Double.valueOf(0);
        }
        return best == null || now == null ? null : Double.valueOf(best - now);
    }

    /** Score now minus score when learnt, of an earlier task. */
    @Nullable
    Double transfer() {
        return newest || now == null || learnt == null ? null : Double.valueOf(now - learnt);
    }
}
