package io.tessellate.runtime.retry;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.time.Duration;

/**
 * How long and how often to wait: each pause is twice the one before, up to the longest.
 *
 * @param first pause, after the first failure
 * @param longest pause
 * @param attempts how often something is tried at most
 */
public record Backoff(Duration first, Duration longest, int attempts) {
    private static final int MOST_DOUBLINGS = 30;

    public Backoff {
        if (first.isNegative() || longest.compareTo(first) < 0 || attempts < 1) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a back-off needs pauses of 0 or more, the longest last, and at least 1 attempt: %s, %s, %d"
                            .formatted(first, longest, attempts));
        }
    }

    /** Never gives up: half a second, then longer, up to half a minute. For work that must not get lost. */
    public static Backoff endless() {
        return new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), Integer.MAX_VALUE);
    }

    /** Pauses of the same length. */
    public static Backoff steady(Duration pause, int attempts) {
        return new Backoff(pause, pause, attempts);
    }

    /** One attempt only. */
    public static Backoff none() {
        return steady(Duration.ZERO, 1);
    }

    /** The pause after so many failures, from 1. */
    public Duration after(int failures) {
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
