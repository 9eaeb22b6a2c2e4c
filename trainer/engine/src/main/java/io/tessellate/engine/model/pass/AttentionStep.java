package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.ProbabilityDropout;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.batch.TokenRows;

/** How a layer gets from its tokens' queries, keys and values to their contexts. */
@FunctionalInterface
interface AttentionStep {
    /** Fills {@code memory.context()} from {@code memory.projections()}. */
    void attend(int layer, LayerActivations memory);

    /** Every token of a batch attends to those of its own sequence. */
    static AttentionStep within(Backend backend, Batch batch) {
        return within(backend, batch, Dropout.none());
    }

    /** The same with probabilities dropped. */
    static AttentionStep within(Backend backend, Batch batch, Dropout dropout) {
        return (layer, memory) -> within(backend, batch, dropout.probabilities(layer), memory);
    }

    private static void within(Backend backend, Batch batch, ProbabilityDropout dropout, LayerActivations memory) {
        Attention attention = memory.attention();
        TokenRows rows = batch.rows();
        if (rows.packed()) {
            backend.rows().gatherRows(memory.projections(), rows.packedOf(), attention.projections(), false);
        }
        if (memory.placed() == null) {
            backend.attention().attend(attention, batch.lengths(), dropout);
        } else {
            backend.attention().attend(memory.placed(), batch.lengths(), dropout);
        }
        if (rows.packed()) {
            backend.rows().gatherRows(attention.context(), rows.paddedOf(), memory.context(), false);
        }
    }
}
