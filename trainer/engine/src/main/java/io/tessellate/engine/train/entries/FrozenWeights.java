package io.tessellate.engine.train.entries;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/** Checks bit by bit that only trained entries differ from the parent version. */
public final class FrozenWeights {
    private static final int CHUNK = 1 << 14;

    private FrozenWeights() {}

    public static void requireUnchanged(Weights parent, Weights trained, TrainedEntries entries) {
        FloatVector before = parent.vector();
        FloatVector after = trained.vector();
        float[] old = new float[Math.min(CHUNK, before.size())];
        float[] now = new float[old.length];
        for (int offset = 0; offset < before.size(); offset += CHUNK) {
            int length = Math.min(CHUNK, before.size() - offset);
            before.get(offset, old, 0, length);
            after.get(offset, now, 0, length);
            for (int i = 0; i < length; i++) {
                if (Float.floatToRawIntBits(old[i]) != Float.floatToRawIntBits(now[i])
                        && !entries.contains(offset + i)) {
                    throw changed(parent.layout(), offset + i, old[i], now[i]);
                }
            }
        }
    }

    private static TessellateException changed(ParameterLayout layout, int position, float old, float now) {
        ParameterTensor tensor = tensorAt(layout, position);
        return new TessellateException(
                ErrorCode.FROZEN_WEIGHT_CHANGED,
                "weight %d of tensor '%s' was not reserved but went from %s to %s"
                        .formatted(position - tensor.offset(), tensor.name(), old, now));
    }

    /** The tensor that holds a place of the flat vector. */
    static ParameterTensor tensorAt(ParameterLayout layout, int position) {
        return layout.tensors().stream()
                .filter(t -> position >= t.offset() && position < t.end())
                .findFirst()
                .orElseThrow();
    }
}
