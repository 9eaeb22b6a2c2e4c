package io.tessellate.engine.train.entries;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/** Checks bit by bit that only trained entries differ from the parent version; what both have in the same memory cannot. */
public final class FrozenWeights {
    private static final int CHUNK = 1 << 14;

    private FrozenWeights() {}

    public static void requireUnchanged(Weights parent, Weights trained, TrainedEntries entries) {
        for (int segment = 0; segment < parent.layout().segments().size(); segment++) {
            FloatVector before = parent.vector().segments().get(segment);
            FloatVector after = trained.vector().segments().get(segment);
            if (!before.sameMemoryAs(after)) {
                long offset = parent.layout().segments().get(segment).offset();
                requireUnchanged(parent.layout(), offset, before, after, entries);
            }
        }
    }

    private static void requireUnchanged(
            ParameterLayout layout, long offset, FloatVector before, FloatVector after, TrainedEntries entries) {
        float[] old = new float[Math.min(CHUNK, before.size())];
        float[] now = new float[old.length];
        for (int index = 0; index < before.size(); index += old.length) {
            int length = Math.min(old.length, before.size() - index);
            before.get(index, old, 0, length);
            after.get(index, now, 0, length);
            for (int i = 0; i < length; i++) {
                if (Float.floatToRawIntBits(old[i]) != Float.floatToRawIntBits(now[i])
                        && !entries.contains(offset + index + i)) {
                    throw changed(layout, offset + index + i, old[i], now[i]);
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
