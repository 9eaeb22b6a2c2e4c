package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.ProbabilityDropout;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.batch.TokenRows;
import org.jspecify.annotations.Nullable;

/** How a layer gets from its tokens' queries, keys and values to their contexts. */
@FunctionalInterface
interface AttentionStep {
    /** Fills {@code memory.context()} from {@code memory.projections()}. */
    void attend(int layer, LayerActivations memory);

    /** The tokens for which alone the highest layer is computed, if that is not done for all. */
    default @Nullable ReadRows read() {
        return null;
    }

    /** Every token of a batch attends to those of its own sequence. */
    static AttentionStep within(Backend backend, Batch batch) {
        return new Within(backend, batch, Dropout.none(), null);
    }

    /**
     * Attention within the sequences of a batch.
     *
     * @param dropout of the probabilities
     * @param read the tokens that ask in the highest layer, if not all do
     */
    record Within(
            Backend backend,
            Batch batch,
            Dropout dropout,
            @Nullable ReadRows read) implements AttentionStep {
        @Override
        public void attend(int layer, LayerActivations memory) {
            Attention attention = memory.attention();
            TokenRows rows = batch.rows();
            if (rows.packed()) {
                backend.rows().gatherRows(memory.projections(), rows.packedOf(), attention.projections(), false);
            }
            ProbabilityDropout dropped = dropout.probabilities(layer);
            if (memory.placed() == null) {
                backend.attention().attend(attention, batch.lengths(), dropped);
            } else {
                backend.attention().attend(memory.placed(), batch.lengths(), dropped);
            }
            if (read != null && read.in(layer)) {
                backend.rows().gatherRows(attention.context(), read.padded(), memory.context(), false);
            } else if (rows.packed()) {
                backend.rows().gatherRows(attention.context(), rows.paddedOf(), memory.context(), false);
            }
        }
    }
}
