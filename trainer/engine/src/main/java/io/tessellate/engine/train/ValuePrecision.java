package io.tessellate.engine.train;

/** The precision in which the owned values are kept. */
public enum ValuePrecision {
    /** As trained. */
    FP32,
    /** Rounded to bfloat16 at the end of training. */
    BF16
}
