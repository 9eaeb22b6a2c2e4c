package io.tessellate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rule of {@link Rounding} is wide enough for any order of a sum and too narrow for a term that is missing. */
@Tag("numeric")
@Tag("kernel")
class RoundingTest {
    private static final int SUMS = 200;

    @ParameterizedTest
    @ValueSource(ints = {2, 7, 64, 1000})
    void everyOrderOfASumIsWithinTheBoundAndASumThatLacksATermIsNot(int terms) {
        Random random = new Random(terms);
        double closest = 0;
        for (int n = 0; n < SUMS; n++) {
            double[] values = random.doubles(terms, -1, 1).map(x -> (float) x).toArray();
            double exact = 0;
            double magnitude = 0;
            for (double value : values) {
                exact += value;
                magnitude += Math.abs(value);
            }
            double bound = Rounding.single(terms).bound(magnitude);
            double[] orders = {inOrder(values), inLanes(values, 8), inLanes(values, 16), inHalves(values, 0, terms)};
            for (double sum : orders) {
                assertThat(Math.abs(sum - exact)).isLessThanOrEqualTo(bound);
                closest = Math.max(closest, Math.abs(sum - exact) / bound);
            }
            double lacking = inOrder(values) - (Math.abs(values[0]) < 0.1 ? 0.1 : values[0]);
            assertThat(Math.abs(lacking - exact)).isGreaterThan(bound);
        }
        assertThat(closest).as("not so wide that anything passes").isGreaterThan(1e-3);
    }

    @Test
    void whatIsNotANumberIsNeverClose() {
        assertThatThrownBy(() -> Rounding.single(9).assertClose(new float[] {Float.NaN}, new float[] {1}))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Rounding.single(9).assertClose(new float[] {1}, new float[] {Float.NaN}))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void theBoundFollowsTypeTermsAndMagnitude() {
        assertThat(Rounding.single(4).bound(1)).isEqualTo(8 * 0x1p-24);
        assertThat(Rounding.single(4).bound(10)).isEqualTo(80 * 0x1p-24);
        assertThat(Rounding.single(10_000).bound(1)).isEqualTo(2 * 800 * 0x1p-24);
        assertThat(Rounding.twice(4).bound(1)).isEqualTo(8 * 0x1p-53);
    }

    private static double inOrder(double[] values) {
        float sum = 0;
        for (double value : values) {
            sum += (float) value;
        }
        return sum;
    }

    private static double inLanes(double[] values, int lanes) {
        float[] sums = new float[lanes];
        for (int i = 0; i < values.length; i++) {
            sums[i % lanes] += (float) values[i];
        }
        float sum = 0;
        for (float lane : sums) {
            sum += lane;
        }
        return sum;
    }

    private static float inHalves(double[] values, int from, int to) {
        int middle = (from + to) >>> 1;
        return to - from == 1 ? (float) values[from] : inHalves(values, from, middle) + inHalves(values, middle, to);
    }
}
