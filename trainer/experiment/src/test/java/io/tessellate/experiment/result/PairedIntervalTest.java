package io.tessellate.experiment.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairedIntervalTest {
    /** Hours of sleep that ten patients gained by two drugs: Student (1908), the data set "sleep" of R. */
    private static final double[] FIRST = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};

    private static final double[] SECOND = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

    /** What R's help on t.test prints: t = -4.0621, df = 9, p-value = 0.002833, interval -2.4598858 to -0.7001142. */
    @Test
    void intervalAndPAreThoseOfStudentsExample() {
        PairedInterval interval = PairedInterval.of(FIRST, SECOND);
        assertThat(interval.mean()).isCloseTo(-1.58, within(1e-12));
        assertThat(interval.mean() / interval.error()).isCloseTo(-4.0621, within(5e-5));
        assertThat(interval.p()).isCloseTo(0.002833, within(5e-7));
        assertThat(interval.mean() - interval.half(0.95)).isCloseTo(-2.4598858, within(5e-8));
        assertThat(interval.mean() + interval.half(0.95)).isCloseTo(-0.7001142, within(5e-8));
    }

    /** The same data with a margin of half an hour, as TOSTER's introduction has them: t = -2.777, p = 0.989 for the harder side. */
    @Test
    void twoOneSidedTestsAreThoseOfToster() {
        PairedInterval interval = PairedInterval.of(FIRST, SECOND);
        assertThat((interval.mean() + 0.5) / interval.error()).isCloseTo(-2.777, within(5e-4));
        assertThat(interval.asGood(0.5)).isCloseTo(0.989, within(5e-4));
        assertThat(interval.asGood(3)).isLessThan(0.01);
    }

    /** Arms as good as each other at a level are those whose interval of twice that level lies within the margin. */
    @Test
    void asGoodIsTheIntervalWithinTheMargin() {
        PairedInterval interval = PairedInterval.of(FIRST, SECOND);
        double reach = Math.abs(interval.mean()) + interval.half(0.9);
        assertThat(interval.asGood(reach)).isCloseTo(0.05, within(1e-9));
    }

    /** Two-sided 5 % points of the printed tables. */
    @ParameterizedTest
    @CsvSource({"1, 12.706", "2, 4.303", "4, 2.776", "9, 2.262", "30, 2.042", "120, 1.980"})
    void quantilesAreThoseOfThePrintedTable(int degrees, double point) {
        assertThat(new StudentT(degrees).exceeded(0.025)).isCloseTo(point, within(5e-4));
        assertThat(new StudentT(degrees).beyond(point)).isCloseTo(0.05, within(5e-5));
    }

    @Test
    void whatNeverDiffersIsAsGoodAndWhatAlwaysDiffersAlikeIsNot() {
        assertThat(PairedInterval.of(FIRST, FIRST).asGood(0.01)).isZero();
        assertThat(PairedInterval.of(FIRST, FIRST).p()).isEqualTo(1);
        PairedInterval constant = PairedInterval.of(new double[] {0.5, 0.5});
        assertThat(constant.asGood(0.4)).isEqualTo(1);
        assertThat(constant.p()).isZero();
    }

    @Test
    void onePairGivesNoInterval() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedInterval.of(new double[] {1}))
                .withMessageContaining("at least two pairs, not 1");
    }
}
