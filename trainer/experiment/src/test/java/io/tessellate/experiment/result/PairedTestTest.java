package io.tessellate.experiment.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PairedTestTest {
    @Test
    void aConsistentDifferenceHasTheSmallestPossibleP() {
        PairedTest test =
                PairedTest.of(new double[] {0.9, 0.8, 0.7, 0.9, 0.85}, new double[] {0.5, 0.6, 0.5, 0.4, 0.6});
        assertThat(test.mean()).isCloseTo(0.31, within(1e-12));
        assertThat(test.p()).isEqualTo(2.0 / 32);
    }

    @Test
    void equalArmsHavePOne() {
        double[] same = {0.1, 0.2, 0.3};
        assertThat(PairedTest.of(same, same)).isEqualTo(new PairedTest(0, 1, 3));
    }

    /** Differences 3, 2, -1: of the 8 sums |+-3 +-2 +-1| those of size 4 or more are 6, 4, -4, -6. */
    @Test
    void pCountsTheSignsThatReachAsFar() {
        PairedTest test = PairedTest.of(new double[] {3, 2, 0}, new double[] {0, 0, 1});
        assertThat(test.p()).isEqualTo(4.0 / 8);
        assertThat(PairedTest.of(new double[] {0, 0, 1}, new double[] {3, 2, 0}).p())
                .isEqualTo(test.p());
    }

    /** Darwin's maize, crossed against self-fertilised plants, in eighths of an inch: Fisher (1935, section 21) counts 863 of 32768 sums. */
    @Test
    void pIsThatOfFishersExample() {
        double[] differences = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
        assertThat(PairedTest.of(differences, new double[15]).p()).isEqualTo(2 * 863.0 / 32768);
    }

    @Test
    void whatDoesNotPairIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedTest.of(new double[] {1}, new double[] {1, 2}))
                .withMessageContaining("1 and 2 values do not pair");
    }

    @Test
    void manyPairsAreTestedOnASampleOfTheWays() {
        double[] zeros = new double[30];
        double[] larger = zeros.clone();
        Arrays.setAll(larger, i -> 1 + i);
        PairedTest test = PairedTest.of(larger, zeros);
        assertThat(test.p()).isLessThan(0.001);
        assertThat(PairedTest.of(larger, zeros)).isEqualTo(test);
        assertThat(PairedTest.of(zeros, zeros).p()).isEqualTo(1);
    }
}
