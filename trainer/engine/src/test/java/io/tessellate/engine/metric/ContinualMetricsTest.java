package io.tessellate.engine.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContinualMetricsTest {
    private static final ContinualMetrics METRICS =
            ContinualMetrics.of(List.of(List.of(0.9), List.of(0.95, 0.8), List.of(0.6, 0.7, 0.5)));

    @Test
    void averageAccuracyIsTheMeanOfTheLastRow() {
        assertThat(METRICS.averageAccuracy()).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void learningAccuracyIsTheMeanOfTheDiagonal() {
        assertThat(METRICS.learningAccuracy()).isCloseTo(2.2 / 3, within(1e-12));
    }

    @Test
    void backwardTransferComparesWithTheDiagonal() {
        assertThat(METRICS.backwardTransfer()).hasValueCloseTo(((0.6 - 0.9) + (0.7 - 0.8)) / 2, within(1e-12));
    }

    @Test
    void forgettingComparesWithTheBestEarlierScore() {
        assertThat(METRICS.forgetting()).hasValueCloseTo(((0.95 - 0.6) + (0.8 - 0.7)) / 2, within(1e-12));
        assertThat(METRICS.drops()).hasSize(3);
        assertThat(METRICS.drops().get(0)).isCloseTo(0.35, within(1e-12));
        assertThat(METRICS.drops().get(2)).isZero();
    }

    @Test
    void aTaskThatImprovedHasNegativeForgetting() {
        var improved = ContinualMetrics.of(List.of(List.of(0.5), List.of(0.75, 0.5)));
        assertThat(improved.forgetting()).hasValue(-0.25);
        assertThat(improved.backwardTransfer()).hasValue(0.25);
    }

    @Test
    void aSingleTaskHasNeitherTransferNorForgetting() {
        var single = ContinualMetrics.of(List.of(List.of(0.5)));
        assertThat(single.backwardTransfer()).isEmpty();
        assertThat(single.forgetting()).isEmpty();
        assertThat(single.drops()).containsExactly(0.0);
    }

    /** The example of the GEM paper's definitions: its own code divides by T = 3 where the paper divides by T-1 = 2. */
    @Test
    void meansAreOverTheTasksThatHaveAnEarlierScore() {
        var matrix = ContinualMetrics.of(List.of(List.of(1.0), List.of(0.4, 1.0), List.of(0.2, 0.6, 1.0)));
        assertThat(matrix.backwardTransfer()).hasValueCloseTo(-0.6, within(1e-12));
    }

    /**
     * The example of a whole accuracy matrix that is published with an implementation of the metrics of Diaz-Rodriguez and others
     * (2018); by the definition of the GEM paper its forward transfer is the mean above the diagonal, the untrained model being at 0.
     */
    @Test
    void forwardTransferIsReadAboveTheDiagonal() {
        double[][] matrix = {
            {1.0, 0.1, 0.1, 0.1, 0.2},
            {0.0, 1.0, 0.2, 0.1, 0.3},
            {0.0, 0.1, 1.0, 0.2, 0.3},
            {0.4, 0.0, 0.0, 1.0, 0.2},
            {0.1, 0.2, 0.1, 0.3, 1.0}
        };
        List<Double> before =
                IntStream.range(1, 5).mapToObj(j -> matrix[j - 1][j]).toList();
        assertThat(ContinualMetrics.forwardTransfer(before, List.of(0.0, 0.0, 0.0, 0.0)))
                .hasValueCloseTo(0.175, within(1e-12));
        assertThat(ContinualMetrics.forwardTransfer(before, List.of(0.1, 0.1, 0.1, 0.1)))
                .hasValueCloseTo(0.075, within(1e-12));
        assertThat(ContinualMetrics.forwardTransfer(List.of(), List.of())).isEmpty();
        assertThatThrownBy(() -> ContinualMetrics.forwardTransfer(before, List.of()))
                .isInstanceOf(TessellateException.class);
    }

    @Test
    void intransigenceIsWhatTheStreamKeptFromBeingLearnt() {
        assertThat(ContinualMetrics.intransigence(0.9, 0.85)).isCloseTo(0.05, within(1e-12));
        assertThat(ContinualMetrics.intransigence(0.9, 0.95)).isCloseTo(-0.05, within(1e-12));
    }

    @Test
    void aRowOfTheWrongLengthIsRefused() {
        assertThatThrownBy(() -> ContinualMetrics.of(List.of(List.of(0.9), List.of(0.9))))
                .hasMessage("row 2 of an accuracy matrix must have 2 scores, not 1");
    }
}
