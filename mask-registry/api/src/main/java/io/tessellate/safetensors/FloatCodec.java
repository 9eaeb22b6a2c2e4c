package io.tessellate.safetensors;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Converts between Java floats and the float types of the format; the loops are plain so that they vectorise. */
final class FloatCodec {
    private static final int CHUNK = 4096;
    private static final float TWO_TO_112 = 0x1p112f;

    private FloatCodec() {}

    /** Decodes {@code count} elements of a little-endian buffer. */
    static void decode(DType dtype, ByteBuffer bytes, FloatBuffer target, int count) {
        if (dtype == DType.F32) {
            target.put(bytes.asFloatBuffer().limit(count));
            return;
        }
        ShortBuffer shorts = bytes.asShortBuffer();
        short[] in = new short[CHUNK];
        float[] out = new float[CHUNK];
        for (int done = 0; done < count; done += CHUNK) {
            int n = Math.min(CHUNK, count - done);
            shorts.get(in, 0, n);
            decode(dtype, in, out, n);
            target.put(out, 0, n);
        }
    }

    private static void decode(DType dtype, short[] in, float[] out, int n) {
        if (dtype == DType.BF16) {
            for (int i = 0; i < n; i++) {
                out[i] = Float.intBitsToFloat(in[i] << 16);
            }
        } else {
            for (int i = 0; i < n; i++) {
                out[i] = half(in[i]);
            }
        }
    }

    /** Encodes into a little-endian buffer, rounding to the nearest, ties to even. */
    static void encode(DType dtype, float[] values, int from, int count, ByteBuffer target) {
        if (dtype == DType.F32) {
            target.asFloatBuffer().put(values, from, count);
            target.position(target.position() + count * Float.BYTES);
            return;
        }
        for (int i = from; i < from + count; i++) {
            target.putShort(dtype == DType.BF16 ? toBfloat(values[i]) : toHalf(values[i]));
        }
    }

    /** A half-precision number, without branches: exponents are rebiased by a multiplication that is exact. */
    static float half(short bits) {
        int magnitude = (bits & 0x7fff) << 13;
        int rebiased = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) * TWO_TO_112);
        int infinityOrNan = -(((bits & 0x7c00) + 0x0400) >>> 15) & 0x7f800000;
        return Float.intBitsToFloat(rebiased | infinityOrNan | (bits & 0x8000) << 16);
    }

    static short toBfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    static short toHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > 0x7f800000) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= 0x477ff000) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x38800000) {
            // Subnormal halves are multiples of 2^-24; adding 0.5 leaves the rounded multiple in the low bits.
            int rounded = Float.floatToRawIntBits(Math.abs(value) + 0.5f) - Float.floatToRawIntBits(0.5f);
            return (short) (sign | rounded);
        }
        int rebiased = magnitude - 0x38000000;
        return (short) (sign | rebiased + 0xfff + (rebiased >>> 13 & 1) >>> 13);
    }
}
