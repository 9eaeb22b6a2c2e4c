package io.tessellate.engine.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MetricTest {
    private static final double[] LABELS = {1, 1, 1, 1, 0, 0, 0, 0, 0, 0};
    private static final double[] PREDICTIONS = {1, 1, 1, 0, 1, 0, 0, 0, 0, 0};

    @Test
    void accuracyIsTheShareOfHits() {
        assertThat(Metric.of(MetricName.ACCURACY).score(PREDICTIONS, LABELS)).isEqualTo(0.8);
    }

    @Test
    void f1OfTwoClassesIsThatOfClassOne() {
        assertThat(Metric.of(MetricName.F1).score(PREDICTIONS, LABELS)).isEqualTo(2 * 3 / (2 * 3 + 1 + 1.0));
    }

    @Test
    void f1OfAnAllPositiveMrpcIsThePublishedMajorityScore() {
        double[] labels = new double[408];
        double[] ones = new double[408];
        Arrays.fill(labels, 0, 279, 1);
        Arrays.fill(ones, 1);
        assertThat(Metric.of(MetricName.F1).score(ones, labels)).isCloseTo(0.812, within(5e-4));
        assertThat(Metric.of(MetricName.ACCURACY).score(ones, labels)).isCloseTo(0.684, within(5e-4));
    }

    @Test
    void f1OfMoreClassesIsTheMeanOverClasses() {
        double[] labels = {0, 1, 2, 0, 1, 2};
        double[] predictions = {0, 2, 1, 0, 0, 1};
        assertThat(Metric.of(MetricName.F1).score(predictions, labels)).isCloseTo(0.26666666666666666, within(1e-15));
    }

    @Test
    void f1OfNoPositivesAnywhereIsZero() {
        assertThat(Metric.of(MetricName.F1).score(new double[3], new double[3])).isZero();
    }

    @Test
    void matthewsIsTheCorrelationOfTheConfusionMatrix() {
        double expected = (3 * 5 - 1 * 1) / Math.sqrt(4.0 * 4 * 6 * 6);
        assertThat(Metric.of(MetricName.MATTHEWS).score(PREDICTIONS, LABELS)).isCloseTo(expected, within(1e-15));
    }

    @Test
    void matthewsOfInvertedPredictionsIsMinusOne() {
        double[] inverted = Arrays.stream(LABELS).map(label -> 1 - label).toArray();
        assertThat(Metric.of(MetricName.MATTHEWS).score(inverted, LABELS)).isEqualTo(-1);
    }

    @Test
    void matthewsOfAConstantPredictionIsZero() {
        assertThat(Metric.of(MetricName.MATTHEWS).score(new double[10], LABELS)).isZero();
    }

    @Test
    void pearsonMatchesAnscombesFirstSet() {
        double[] x = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
        double[] y = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
        assertThat(Metric.of(MetricName.PEARSON).score(x, y)).isCloseTo(0.81642, within(5e-6));
    }

    @Test
    void pearsonOfAConstantIsZero() {
        assertThat(Metric.of(MetricName.PEARSON).score(new double[] {2, 2, 2}, new double[] {1, 2, 3}))
                .isZero();
    }

    @Test
    void spearmanSeesOnlyTheOrder() {
        assertThat(Metric.of(MetricName.SPEARMAN).score(new double[] {1, 10, 100, 1000}, new double[] {1, 2, 3, 4}))
                .isCloseTo(1, within(1e-15));
        double[] iq = {106, 100, 86, 101, 99, 103, 97, 113, 112, 110};
        double[] hours = {7, 27, 2, 50, 28, 29, 20, 12, 6, 17};
        assertThat(Metric.of(MetricName.SPEARMAN).score(hours, iq)).isCloseTo(-29 / 165.0, within(1e-15));
    }

    @Test
    void tiesShareTheirAverageRank() {
        assertThat(Correlation.ranks(new double[] {3, 1, 3, 2, 3})).containsExactly(4, 1, 4, 2, 4);
        assertThat(Metric.of(MetricName.SPEARMAN).score(new double[] {1, 2, 2, 3}, new double[] {1, 2, 3, 4}))
                .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-15));
    }

    @Test
    void everyMetricIsFoundByItsName() {
        assertThat(MetricName.values())
                .allSatisfy(
                        metric -> assertThat(MetricName.named(metric.label())).isEqualTo(metric));
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> MetricName.named("bleu"))
                .isInstanceOf(TessellateException.class)
                .hasMessage(
                        "metric 'bleu' must be one of accuracy, f1, matthews, pearson, spearman, exact_match, gsm8k,"
                                + " rouge1, rouge2, rougel, inverse_perplexity, choice_likelihood");
    }

    @Test
    void nothingToScoreIsRefused() {
        assertThatThrownBy(() -> Metric.of(MetricName.ACCURACY).score(new double[0], new double[0]))
                .hasMessage("accuracy needs as many predictions as labels and at least one: [0, 0]");
    }
}
