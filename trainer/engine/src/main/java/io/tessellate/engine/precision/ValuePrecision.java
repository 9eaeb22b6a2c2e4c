package io.tessellate.engine.precision;

import io.tessellate.safetensors.BrainFloat;

/** The precision in which the owned values are kept. */
public enum ValuePrecision {
    /** As trained. */
    FP32 {
        @Override
        public float nearest(float value) {
            return value;
        }
    },
    /** Rounded to bfloat16 at the end of training; what is scored and committed is what was rounded. The head is not. */
    BF16 {
        @Override
        public float nearest(float value) {
            return BrainFloat.nearest(value);
        }
    };

    /** The value of this precision that lies nearest. */
    public abstract float nearest(float value);
}
