package io.tessellate.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FloatCodecTest {
    @Test
    void everyHalfPrecisionNumberIsDecodedExactly() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float decoded = FloatCodec.half((short) bits);
            float expected = slowHalf(bits);
            assertThat(Float.floatToIntBits(decoded)).as("%x", bits).isEqualTo(Float.floatToIntBits(expected));
        }
    }

    @Test
    void everyHalfPrecisionNumberSurvivesDecodingAndEncoding() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = FloatCodec.half((short) bits);
            if (!Float.isNaN(value)) {
                assertThat(FloatCodec.toHalf(value)).as("%x", bits).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void floatsAreRoundedToTheNearestHalfTiesToEven() {
        SplittableRandom random = new SplittableRandom(7);
        for (int n = 0; n < 200_000; n++) {
            float value = Float.intBitsToFloat(0x32000000 + random.nextInt(0x16000000));
            short encoded = FloatCodec.toHalf(value);
            double below = FloatCodec.half((short) (encoded - 1));
            double above = FloatCodec.half((short) (encoded + 1));
            double error = Math.abs(FloatCodec.half(encoded) - (double) value);
            if (encoded > 0 && Double.isFinite(above) && !Float.isInfinite(FloatCodec.half(encoded))) {
                assertThat(error)
                        .isLessThanOrEqualTo(Math.abs(below - value))
                        .isLessThanOrEqualTo(Math.abs(above - value));
                if (error == Math.abs(below - value) || error == Math.abs(above - value)) {
                    assertThat(encoded & 1).isZero();
                }
            }
        }
    }

    @Test
    void halfPrecisionOverflowsToInfinityHalfwayBeyondItsLargestNumber() {
        assertThat(FloatCodec.toHalf(65504f)).isEqualTo((short) 0x7bff);
        assertThat(FloatCodec.toHalf(65519.996f)).isEqualTo((short) 0x7bff);
        assertThat(FloatCodec.toHalf(65520f)).isEqualTo((short) 0x7c00);
        assertThat(FloatCodec.toHalf(Float.NEGATIVE_INFINITY)).isEqualTo((short) 0xfc00);
        assertThat(FloatCodec.half(FloatCodec.toHalf(Float.NaN))).isNaN();
    }

    @Test
    void bfloatsAreRoundedToTheNearestTiesToEven() {
        assertThat(FloatCodec.toBfloat(Float.intBitsToFloat(0x3f808000))).isEqualTo((short) 0x3f80);
        assertThat(FloatCodec.toBfloat(Float.intBitsToFloat(0x3f818000))).isEqualTo((short) 0x3f82);
        assertThat(FloatCodec.toBfloat(Float.intBitsToFloat(0x3f808001))).isEqualTo((short) 0x3f81);
        assertThat(FloatCodec.toBfloat(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
        assertThat(FloatCodec.toBfloat(Float.NEGATIVE_INFINITY)).isEqualTo((short) 0xff80);
        assertThat(Float.intBitsToFloat(FloatCodec.toBfloat(Float.intBitsToFloat(0x7f800001)) << 16))
                .isNaN();
    }

    private static float slowHalf(int bits) {
        int exponent = bits >>> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double magnitude;
        if (exponent == 0x1f) {
            magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else if (exponent == 0) {
            magnitude = fraction * 0x1p-24;
        } else {
            magnitude = (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
        }
        return (float) ((bits & 0x8000) == 0 ? magnitude : -magnitude);
    }
}
