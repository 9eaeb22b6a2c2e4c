package io.tessellate.engine.train.checkpoint;

import java.time.Duration;

/**
 * When a checkpoint is written: after so many steps or so much time, whichever comes first.
 *
 * @param steps steps between two checkpoints
 * @param interval time between two checkpoints
 */
public record CheckpointPolicy(long steps, Duration interval) {
    /** Every 15 seconds. */
    public static CheckpointPolicy standard() {
        return new CheckpointPolicy(Long.MAX_VALUE, Duration.ofSeconds(15));
    }

    /** After every so many steps. */
    public static CheckpointPolicy everySteps(long steps) {
        return new CheckpointPolicy(steps, Duration.ofDays(3650));
    }
}
