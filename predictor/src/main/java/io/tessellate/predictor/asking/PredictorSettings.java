package io.tessellate.predictor.asking;

import java.time.Duration;

/**
 * How questions wait.
 *
 * @param capacity most that wait at a time; one more is refused
 * @param most that are answered together
 * @param patience how long the first waits for others of its view
 */
public record PredictorSettings(int capacity, int most, Duration patience) {
    /** For a service of a few users on a few cores. */
    public static final PredictorSettings USUAL = new PredictorSettings(4096, 64, Duration.ofMillis(2));

    /** Checks that something can wait, and that something can be answered. */
    public PredictorSettings {
        if (capacity < 1 || most < 1 || patience.isNegative()) {
            throw new IllegalArgumentException("capacity %d and most %d must be at least 1, patience %s not negative"
                    .formatted(capacity, most, patience));
        }
    }
}
