package io.tessellate.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.experiment.plan.TuningMean;
import io.tessellate.experiment.result.Tuned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class TunerTest {
    private final List<Double> extended = new ArrayList<>();

    private Tuned best(DoubleUnaryOperator score, Double... values) {
        extended.clear();
        List<Double> tried = new ArrayList<>();
        Tuner tuner = new Tuner(
                "lr",
                TuningMean.ARITHMETIC,
                value -> {
                    tried.add(value);
                    return List.of(score.applyAsDouble(value) - 0.01, score.applyAsDouble(value) + 0.01);
                },
                () -> extended.add((double) tried.size()));
        return tuner.best(List.of(values));
    }

    @Test
    void aWinnerInsideIsLeftWhereItIs() {
        Tuned tuned = best(rate -> -Math.abs(rate - 0.002), 0.001, 0.002, 0.004);
        assertThat(tuned.winner()).isEqualTo(0.002);
        assertThat(tuned.isAtEdge()).isFalse();
        assertThat(tuned.scores()).hasSize(3);
        assertThat(extended).isEmpty();
    }

    @Test
    void theBracketGoesOnUntilTheWinnerIsInsideOnEitherSide() {
        Tuned up = best(rate -> -Math.abs(rate - 0.016), 0.001, 0.002, 0.004);
        assertThat(up.winner()).isEqualTo(0.016);
        assertThat(up.scores().lastKey()).isEqualTo(0.032);
        assertThat(up.isAtEdge()).isFalse();
        assertThat(up.extended()).isEqualTo(3).isEqualTo(extended.size());
        Tuned down = best(rate -> -rate + (rate < 0.0005 ? -1 : 0), 0.001, 0.002, 0.004);
        assertThat(down.winner()).isEqualTo(0.0005);
        assertThat(down.scores().firstKey()).isEqualTo(0.00025);
        assertThat(down.isAtEdge()).isFalse();
    }

    @Test
    void amongSharesNothingBeyondThemIsTried() {
        Tuner tuner = new Tuner("keep", TuningMean.ARITHMETIC, keep -> List.of(keep, keep), () -> {
            throw new AssertionError("extended");
        });
        assertThat(tuner.among(List.of(0.1, 0.2)).winner()).isEqualTo(0.2);
        assertThat(tuner.bestMean()).isEqualTo(0.2);
    }

    @Test
    void whatKeepsRisingIsLeftAtTheEdgeAndSaysSo() {
        Tuned tuned = best(rate -> rate, 0.001, 0.002);
        assertThat(tuned.isAtEdge()).isTrue();
        assertThat(tuned.extended()).isEqualTo(4);
    }

    @Test
    void ofEqualsTheFirstWinsAndWhatLiesBeyondItIsTriedOnce() {
        Tuned tuned = best(rate -> 0.5, 0.001, 0.002, 0.004);
        assertThat(tuned.winner()).isEqualTo(0.001);
        assertThat(tuned.scores()).containsKey(0.0005);
        assertThat(tuned.isAtEdge()).isFalse();
        assertThat(tuned.undecided()).containsExactly(0.0005, 0.002, 0.004);
    }

    /** A loss that falls to a tenth against an accuracy near chance that happens to be a point and a half less. */
    @Test
    void ofScoresOfDifferentKindsTheGeometricMeanComparesRatiosAndTheSumIsDecidedByTheLargest() {
        Map<Double, List<Double>> scores = Map.of(
                0.001, List.of(0.325, 0.002),
                0.002, List.of(0.310, 0.015),
                0.004, List.of(0.300, 0.010));
        Tuned summed =
                new Tuner("lr", TuningMean.ARITHMETIC, scores::get, () -> {}).among(List.of(0.001, 0.002, 0.004));
        Tuned rooted = new Tuner("lr", TuningMean.GEOMETRIC, scores::get, () -> {}).among(List.of(0.001, 0.002, 0.004));
        assertThat(summed.winner()).isEqualTo(0.001);
        assertThat(rooted.winner()).isEqualTo(0.002);
        assertThat(rooted.mean(0.002)).isCloseTo(Math.sqrt(0.310 * 0.015), within(1e-12));
        assertThat(rooted.text())
                .contains("**0.002** 0.068")
                .contains("0.001 0.025 (times 0.374, ")
                .doesNotContain("±");
        assertThat(summed.text()).contains("**0.001** 0.164").contains("0.002 0.163 (-0.001 ± ");
    }

    @Test
    void aScoreOfNothingLosesAgainstOthersInTheGeometricMeanAndStaysANumber() {
        Map<Double, List<Double>> scores = Map.of(0.001, List.of(0.9, 0.0), 0.002, List.of(0.3, 0.1));
        Tuned tuned = new Tuner("lr", TuningMean.GEOMETRIC, scores::get, () -> {}).among(List.of(0.001, 0.002));
        assertThat(tuned.winner()).isEqualTo(0.002);
        assertThat(tuned.mean(0.001)).isCloseTo(Math.sqrt(0.9e-4), within(1e-12));
        assertThat(tuned.text()).doesNotContain("NaN");
    }
}
