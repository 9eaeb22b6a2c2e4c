package io.tessellate.evaluator.live;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.time.Duration;

/**
 * How much is kept of answers and labels.
 *
 * @param keep how long an id is kept: so long a label may come later than its answer, or earlier
 * @param mostIds most ids kept of one task; the oldest are forgotten first
 * @param window of how many newest pairs a score is made
 */
public record LiveSettings(Duration keep, int mostIds, int window) {
    /** What is done unless configured. */
    public static final LiveSettings USUAL = new LiveSettings(Duration.ofDays(7), 100_000, 1000);

    private static final int LARGEST_WINDOW = 100_000;

    /** Refuses what keeps nothing. */
    public LiveSettings {
        if (keep.isNegative() || keep.isZero() || mostIds < 1 || window < 1 || window > LARGEST_WINDOW) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "tessellate.live needs keep longer than nothing, most-ids of 1 or more and a window of 1 to %d: %s, %d, %d"
                            .formatted(LARGEST_WINDOW, keep, mostIds, window));
        }
    }
}
