package io.tessellate.engine.train;

import io.tessellate.id.Sha256;
import io.tessellate.mask.Mask;
import java.util.List;
import java.util.Optional;

/**
 * Everything a run needs to go on as if it had never stopped. Shuffles and draws are functions of seed and step and
 * therefore not in it.
 *
 * @param job digest of what is trained on what; a checkpoint of another job is of no use
 * @param phase part of the run
 * @param step steps done in this phase
 * @param mask the calibrated mask, once there is one
 * @param losses losses so far
 * @param stop what early stopping has seen
 * @param values trained values: entries of the encoder, then the head
 * @param state the optimiser's state
 */
record Checkpoint(
        Sha256 job,
        Phase phase,
        long step,
        Optional<Mask> mask,
        LossMeter.State losses,
        EarlyStop.State stop,
        float[] values,
        List<float[]> state) {}
