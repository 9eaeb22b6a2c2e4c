package io.tessellate.engine.train;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.train.entries.EntryScores;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.mask.Mask;
import io.tessellate.mask.TopK;

/** How far earlier tasks moved the weights they own: |value in the union view - value of the base|. */
final class StoredChanges {
    private StoredChanges() {}

    /** Those of the owned weights that were moved least. */
    static Mask smallest(ParentVersion parent, Mask owned, long count) {
        float[] base = read(parent.views().base(), owned);
        float[] changes = read(parent.views().union(), owned);
        for (int n = 0; n < changes.length; n++) {
            changes[n] = -Math.abs(changes[n] - base[n]);
        }
        return TopK.global(owned, count, new EntryScores(owned, changes));
    }

    private static float[] read(Weights weights, Mask mask) {
        TrainedEntries entries = TrainedEntries.of(MaskPlan.Entries.of(mask), weights.layout());
        float[] values = new float[entries.size()];
        entries.read(weights.vector(), values);
        return values;
    }
}
