package io.tessellate.engine.model;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Backend;

/** How a layer gets from its tokens' queries, keys and values to their contexts. */
@FunctionalInterface
interface AttentionStep {
    /** Fills {@code memory.context()} from {@code memory.projections()}. */
    void attend(int layer, LayerActivations memory);

    /** Every token of a batch attends to those of its own sequence. */
    static AttentionStep within(Backend backend, Batch batch) {
        return (layer, memory) -> within(backend, batch, memory);
    }

    private static void within(Backend backend, Batch batch, LayerActivations memory) {
        Attention attention = memory.attention();
        TokenRows rows = batch.rows();
        if (rows.packed()) {
            backend.gatherRows(memory.projections(), rows.packedOf(), attention.projections(), false);
        }
        backend.attend(attention, batch.lengths());
        if (rows.packed()) {
            backend.gatherRows(attention.context(), rows.paddedOf(), memory.context(), false);
        }
    }
}
