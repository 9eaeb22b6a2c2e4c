package io.tessellate.engine.train.checkpoint;

import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.id.Sha256;
import io.tessellate.mask.Mask;
import java.util.List;

/**
 * Everything a run needs to go on as if it had never stopped. Shuffles and draws are functions of seed and step and
 * therefore not in it.
 *
 * @param job digest of what is trained on what; a checkpoint of another job is of no use
 * @param phase part of the run
 * @param part which trial of a calibration, or which mask of a training, counted from 0
 * @param step steps done in this phase
 * @param past what came before this part
 * @param losses losses so far
 * @param stop what early stopping has seen
 * @param values trained values: entries of the encoder, then a block of each head
 * @param state the optimisers' state
 */
public record Checkpoint(
        Sha256 job,
        Phase phase,
        int part,
        long step,
        Past past,
        LossMeter.State losses,
        EarlyStop.State stop,
        FloatBlocks values,
        List<float[]> state) {
    /**
     * What a run came to before the entries it trains now.
     *
     * @param choices the masks it chose, in their order
     * @param left values of all entries that earlier masks of this training held, ascending
     */
    public record Past(List<Mask> choices, FloatBlocks left) {
        /** Nothing yet. */
        public static Past none() {
            return new Past(List.of(), FloatBlocks.none());
        }
    }
}
