package io.tessellate.engine.train.entries;

import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.ParameterVector;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/** Checks bit by bit that only trained entries differ from the parent version. */
public final class FrozenWeights {
    private static final int CHUNK = 1 << 14;

    private FrozenWeights() {}

    public static void requireUnchanged(Weights parent, Weights trained, TrainedEntries entries) {
        ParameterVector before = parent.vector();
        ParameterVector after = trained.vector();
        float[] old = new float[(int) Math.min(CHUNK, before.size())];
        float[] now = new float[old.length];
        for (long place = 0; place < before.size(); place += CHUNK) {
            int length = (int) Math.min(CHUNK, before.size() - place);
            before.get(place, old, 0, length);
            after.get(place, now, 0, length);
            for (int i = 0; i < length; i++) {
                if (Float.floatToRawIntBits(old[i]) != Float.floatToRawIntBits(now[i])
                        && !entries.contains(place + i)) {
                    throw changed(parent.layout(), place + i, old[i], now[i]);
                }
            }
        }
    }

    private static TessellateException changed(ParameterLayout layout, long place, float old, float now) {
        ParameterTensor tensor = layout.tensorAt(place);
        return new TessellateException(
                ErrorCode.FROZEN_WEIGHT_CHANGED,
                "weight %d of tensor '%s' was not reserved but went from %s to %s"
                        .formatted(place - tensor.offset(), tensor.name(), old, now));
    }
}
