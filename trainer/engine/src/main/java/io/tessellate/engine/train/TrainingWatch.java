package io.tessellate.engine.train;

import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.checkpoint.Pace;
import io.tessellate.error.StoppedException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.ParameterSpace;
import java.util.Optional;
import java.util.function.Function;

/** Watches one run: reports its steps, keeps its checkpoints at its pace, and stops it when it is cancelled. */
final class TrainingWatch implements PhaseWatch {
    private final TrainingJob job;
    private final Sha256 digest;
    private final TrainingControl control;
    private final Pace pace;

    /**
     * A watch over a job.
     *
     * @param digest what its checkpoints are known by
     */
    TrainingWatch(TrainingJob job, Sha256 digest, TrainingControl control) {
        this.job = job;
        this.digest = digest;
        this.control = control;
        this.pace = new Pace(control.checkpointPolicy(), control.clock());
    }

    /** The checkpoint that the run goes on from. */
    Optional<Checkpoint> resumed() {
        return control.checkpoints().load(digest, space());
    }

    @Override
    public void startPhase() {
        pace.restart();
    }

    /** Keeps a checkpoint and stops with INTERRUPTED if the run was cancelled. */
    @Override
    public void pauseIfAsked(Function<Sha256, Checkpoint> checkpoint) {
        if (control.cancelled().getAsBoolean()) {
            save(checkpoint.apply(digest));
            throw interrupted();
        }
    }

    /** Stops with INTERRUPTED if the run was cancelled; what was found out since the last checkpoint is lost. */
    void stopIfAsked() {
        if (control.cancelled().getAsBoolean()) {
            throw interrupted();
        }
    }

    private StoppedException interrupted() {
        return new StoppedException("run %s of %s was stopped and can be resumed"
                .formatted(job.run(), job.data().task()));
    }

    /** Reports a step, and keeps a checkpoint when one is due. */
    @Override
    public void progressed(Phase phase, long step, long steps, double loss, Function<Sha256, Checkpoint> checkpoint) {
        double secondsLeft = pace.secondsLeft(step, steps);
        control.listener().progressed(new TrainingProgress(phase, step, steps, loss, secondsLeft));
        if (pace.checkpointDue()) {
            save(checkpoint.apply(digest));
        }
    }

    private void save(Checkpoint checkpoint) {
        control.checkpoints().save(checkpoint, space());
    }

    private ParameterSpace space() {
        return job.parent().owned().space();
    }
}
