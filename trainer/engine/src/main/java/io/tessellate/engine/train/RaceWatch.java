package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import java.util.Optional;
import java.util.function.Function;

/**
 * Watches the trials of a race: reports their steps as the race's, keeps checkpoints within each, and leaves one whose loss
 * explodes.
 */
final class RaceWatch implements PhaseWatch {
    /** A smoothed loss so many times that before training is no noise. */
    private static final double EXPLODED = 3;

    private final Backend backend;
    private final TrainingControl control;
    private final CheckpointStore checkpoints;
    private final long most;
    private TrainingWatch trial;
    private double limit = Double.POSITIVE_INFINITY;
    private double pace;
    private long before;
    private long step;

    /**
     * A watch over all trials of one race.
     *
     * @param job whose race it is
     * @param most steps that the race may take
     */
    RaceWatch(TrainingJob job, Backend backend, TrainingControl control, double most) {
        this.backend = backend;
        this.control = control;
        this.checkpoints = control.checkpoints().ofTrials();
        this.most = Math.max(1, (long) Math.ceil(most));
        this.trial = of(job);
    }

    private TrainingWatch of(TrainingJob job) {
        TrainingControl own = new TrainingControl(
                this::report, control.cancelled(), checkpoints, control.checkpointPolicy(), control.clock());
        return new TrainingWatch(job, job.digest(backend), own);
    }

    /** So many steps were taken by trials that are known already. */
    void resume(long steps) {
        before = steps;
    }

    /**
     * Another trial begins, or goes on from the checkpoint that is returned.
     *
     * @param loss before it is trained
     */
    Optional<Checkpoint> begin(TrainingJob job, double loss) {
        before += step;
        step = 0;
        limit = EXPLODED * loss;
        trial = of(job);
        return trial.resumed();
    }

    /** The trial is done; the steps that it took. */
    long end() {
        checkpoints.delete();
        return step;
    }

    @Override
    public void startPhase() {
        trial.startPhase();
    }

    @Override
    public void pauseIfAsked(Function<Sha256, Checkpoint> checkpoint) {
        trial.pauseIfAsked(checkpoint);
    }

    /** Stops if the run was cancelled. */
    void stopIfAsked() {
        trial.stopIfAsked();
    }

    @Override
    public void progressed(Phase phase, long now, long steps, double loss, Function<Sha256, Checkpoint> checkpoint) {
        step = now;
        trial.progressed(phase, now, steps, loss, checkpoint);
        if (loss > limit) {
            throw new TessellateException(
                    ErrorCode.DIVERGED, "the loss rose to %s within %d steps".formatted(loss, now));
        }
    }

    private void report(TrainingProgress now) {
        long left = now.steps() - now.step();
        pace = left == 0 ? pace : now.secondsLeft() / left;
        long done = before + now.step();
        long all = Math.max(most, done);
        control.listener().progressed(new TrainingProgress(Phase.RACE, done, all, now.loss(), pace * (all - done)));
    }
}
