package io.tessellate.engine.train;

import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.id.Sha256;
import java.util.function.Function;

/** Watches a phase while it is trained. Nothing here changes what it comes to. */
interface PhaseWatch {
    /** Nobody watches. */
    static PhaseWatch none() {
        return new PhaseWatch() {};
    }

    /** Steps begin to be taken. */
    default void startPhase() {}

    /**
     * Asked before every step; may keep a checkpoint and stop everything by throwing.
     *
     * @param checkpoint makes one for the job of this digest
     */
    default void pauseIfAsked(Function<Sha256, Checkpoint> checkpoint) {}

    /**
     * A step was taken.
     *
     * @param loss smoothed
     * @param checkpoint makes one for the job of this digest
     */
    default void progressed(Phase phase, long step, long steps, double loss, Function<Sha256, Checkpoint> checkpoint) {}
}
