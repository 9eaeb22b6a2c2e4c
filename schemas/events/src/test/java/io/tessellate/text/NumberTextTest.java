package io.tessellate.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumberTextTest {
    @Test
    void whatRoundsToZeroHasNoSign() {
        for (double zero : new double[] {0, -0.0, 0.0004, -0.0004, -1e-300, Double.MIN_VALUE}) {
            assertThat(NumberText.fixed(zero, 3)).isEqualTo("0.000");
            assertThat(NumberText.signed(zero, 3)).isEqualTo("0.000");
        }
        assertThat(NumberText.fixed(-0.4, 0)).isEqualTo("0");
    }

    @Test
    void everyOtherNumberIsRoundedToItsPlaces() {
        assertThat(NumberText.fixed(-0.0005, 3)).isEqualTo("-0.001");
        assertThat(NumberText.fixed(1234.5678, 2)).isEqualTo("1234.57");
        assertThat(NumberText.signed(0.0005, 3)).isEqualTo("+0.001");
        assertThat(NumberText.signed(-2, 1)).isEqualTo("-2.0");
    }

    @Test
    void whatIsNoNumberSaysSo() {
        assertThat(NumberText.fixed(Double.NaN, 3)).isEqualTo("NaN");
        assertThat(NumberText.signed(Double.POSITIVE_INFINITY, 3)).isEqualTo("+Infinity");
        assertThat(NumberText.fixed(Double.NEGATIVE_INFINITY, 3)).isEqualTo("-Infinity");
    }
}
