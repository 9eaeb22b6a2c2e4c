package io.tessellate.engine.train.checkpoint;

import io.tessellate.engine.recipe.Phase;

/**
 * A part of a phase in which the same entries are trained.
 *
 * @param phase the phase
 * @param part its ordinal: which trial of a calibration, which mask of a training
 * @param from first step
 * @param to step after the last
 * @param steps steps of the phase, which the learning rate follows
 */
public record PhaseSegment(Phase phase, int part, long from, long to, long steps) {
    /** A whole phase. */
    public static PhaseSegment whole(Phase phase, int part, long steps) {
        return new PhaseSegment(phase, part, 0, steps, steps);
    }

    /** One of several segments of equal length, up to rounding. */
    public static PhaseSegment of(Phase phase, int part, int parts, long steps) {
        return new PhaseSegment(phase, part, part * steps / parts, (part + 1) * steps / parts, steps);
    }

    /** Whether it is the first trial of a calibration; a further one trains the ticket that the first has found. */
    public boolean isFirstTrial() {
        return phase == Phase.CALIBRATE && part == 0;
    }

    /** Whether it ends with the phase. */
    public boolean isLast() {
        return to == steps;
    }

    /** Whether a checkpoint was written in it. */
    public boolean holds(Checkpoint checkpoint) {
        return checkpoint.phase() == phase && checkpoint.part() == part;
    }

    /** Whether a checkpoint was written in a later one of the same phase. */
    public boolean isBefore(Checkpoint checkpoint) {
        return checkpoint.phase() == phase && checkpoint.part() > part;
    }
}
