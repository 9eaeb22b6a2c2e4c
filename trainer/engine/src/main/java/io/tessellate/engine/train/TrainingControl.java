package io.tessellate.engine.train;

import io.tessellate.engine.train.checkpoint.CheckpointPolicy;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/**
 * How a training is watched and steered; nothing here changes its result.
 *
 * @param listener hears about every step
 * @param cancelled asked before every step; once true the run keeps a checkpoint and stops with INTERRUPTED
 * @param checkpoints where checkpoints are kept; an old one of the same job is resumed from
 * @param checkpointPolicy when they are written
 * @param clock for time left and checkpoint intervals
 */
public record TrainingControl(
        TrainingListener listener,
        BooleanSupplier cancelled,
        CheckpointStore checkpoints,
        CheckpointPolicy checkpointPolicy,
        Clock clock) {
    /** Runs to the end and tells nobody, with checkpoints in the given place every so often. */
    public static TrainingControl unattended(CheckpointStore checkpoints) {
        return new TrainingControl(
                TrainingListener.none(), () -> false, checkpoints, CheckpointPolicy.standard(), Clock.systemUTC());
    }

    /** The same with a listener. */
    public TrainingControl with(TrainingListener other) {
        return new TrainingControl(other, cancelled, checkpoints, checkpointPolicy, clock);
    }
}
