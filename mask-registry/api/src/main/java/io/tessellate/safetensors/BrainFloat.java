package io.tessellate.safetensors;

/** The numbers of type BF16: single precision with the lower half of its bits zero. */
public final class BrainFloat {
    private BrainFloat() {}

    /** The nearest of them, of two as near the one whose last bit is 0; infinite where the largest is exceeded. */
    public static float nearest(float value) {
        return Float.intBitsToFloat(FloatCodec.toBfloat(value) << 16);
    }
}
