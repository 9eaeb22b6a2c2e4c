package io.tessellate.pipeline.stack;

import java.time.Duration;

/**
 * How often and how soon a dead part is started again: the pause doubles from try to try.
 *
 * @param first pause before the first try
 * @param longest pause that no later one exceeds
 * @param tries after which nothing more is tried
 * @param calm how long a part must have been ready for its earlier deaths to be forgotten
 */
record BackOff(Duration first, Duration longest, int tries, Duration calm) {
    /** Gives up after about a minute of pauses. */
    static final BackOff USUAL = new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(30), 6, Duration.ofMinutes(1));

    /** The pause before a try, counted from 0. */
    Duration before(int attempt) {
        Duration pause = first.multipliedBy(1L << Math.min(attempt, Integer.SIZE - 2));
        return pause.compareTo(longest) > 0 ? longest : pause;
    }
}
