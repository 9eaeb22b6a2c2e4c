package io.tessellate.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.experiment.result.Tuned;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class TunerTest {
    private final List<Double> extended = new ArrayList<>();

    private Tuned best(DoubleUnaryOperator score, Double... values) {
        extended.clear();
        List<Double> tried = new ArrayList<>();
        Tuner tuner = new Tuner(
                "lr",
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
        Tuner tuner = new Tuner("keep", keep -> List.of(keep, keep), () -> {
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
}
