package io.tessellate.pipeline;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long kills go on, and which.
 *
 * @param seed of the kinds of kills and of the pauses between them
 * @param kills in each round
 * @param length rounds are begun for so long; zero: one round
 */
record ChaosSettings(long seed, int kills, Duration length) {
    private static final long USUAL_SEED = 40;
    private static final int USUAL_KILLS = 4;

    /**
     * From {@code -Dchaos.seed}, {@code -Dchaos.kills} and {@code -Dchaos.minutes}. A build always kills alike; a longer run draws its
     * seed from the clock.
     */
    static ChaosSettings ofSystem(long clock) {
        Duration length = Duration.ofMinutes(number("chaos.minutes", 0L));
        long seed = number("chaos.seed", length.isZero() ? USUAL_SEED : clock);
        return new ChaosSettings(seed, Math.toIntExact(number("chaos.kills", (long) USUAL_KILLS)), length);
    }

    private static long number(String property, @Nullable Long otherwise) {
        return Long.getLong(property, otherwise);
    }

    /** How to have the same kills again. */
    String repeat() {
        return "-Dchaos.seed=%d -Dchaos.kills=%d".formatted(seed, kills);
    }
}
