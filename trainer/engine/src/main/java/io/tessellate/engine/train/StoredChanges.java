package io.tessellate.engine.train;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.train.entries.EntryScores;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.mask.Mask;
import io.tessellate.mask.TopK;

/** How far earlier tasks moved the weights they own: |value in the union view - value of the base|. */
final class StoredChanges {
    private StoredChanges() {}

    /** Those of the owned weights that were moved least. */
    static Mask smallest(ParentVersion parent, Mask owned, long count) {
        FloatBlocks base = read(parent.views().base(), owned);
        FloatBlocks changes = read(parent.views().union(), owned);
        for (int b = 0; b < changes.count(); b++) {
            float[] block = changes.block(b);
            for (int n = 0; n < block.length; n++) {
                block[n] = -Math.abs(block[n] - base.block(b)[n]);
            }
        }
        return TopK.global(owned, count, new EntryScores(owned, changes));
    }

    private static FloatBlocks read(Weights weights, Mask mask) {
        return TrainedEntries.of(MaskPlan.Entries.of(mask), weights.layout()).read(weights.vector());
    }
}
