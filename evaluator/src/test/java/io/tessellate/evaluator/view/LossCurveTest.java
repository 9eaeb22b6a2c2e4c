package io.tessellate.evaluator.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LossCurveTest {
    @Test
    void aLongTrainingKeepsItsEndsAndAThinnedMiddle() {
        var curve = new LossCurve();
        for (int step = 0; step <= 100_000; step++) {
            curve.add(step, 1.0 / (1 + step));
        }
        List<TaskStatus.Loss> points = curve.points();
        assertThat(points).hasSizeBetween(LossCurve.MOST / 2, LossCurve.MOST);
        assertThat(points.get(0)).isEqualTo(new TaskStatus.Loss(0, 1));
        assertThat(points.get(points.size() - 1).step()).isGreaterThan(98_000);
        for (int n = 1; n < points.size(); n++) {
            assertThat(points.get(n).step()).isGreaterThan(points.get(n - 1).step());
        }
    }

    @Test
    void aTrainingThatBeginsAgainBeginsItsCurveAgain() {
        var curve = new LossCurve();
        curve.add(10, 0.5);
        curve.add(20, Double.NaN);
        curve.add(30, 0.25);
        curve.add(5, 0.75);
        assertThat(curve.points()).containsExactly(new TaskStatus.Loss(5, 0.75));
    }
}
