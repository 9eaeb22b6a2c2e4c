package io.tessellate.engine.train;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.safetensors.BrainFloat;

/** The precision in which the owned values are kept. */
public enum ValuePrecision {
    /** As trained. */
    FP32 {
        @Override
        void keep(TrainedEntries entries, FloatVector weights) {}
    },
    /** Rounded to bfloat16 at the end of training; what is scored and committed is what was rounded. The head is not. */
    BF16 {
        @Override
        void keep(TrainedEntries entries, FloatVector weights) {
            float[] values = new float[entries.size()];
            entries.read(weights, values);
            for (int n = 0; n < values.length; n++) {
                values[n] = BrainFloat.nearest(values[n]);
            }
            entries.assign(values, weights);
        }
    };

    /** Brings trained entries to this precision. */
    abstract void keep(TrainedEntries entries, FloatVector weights);
}
