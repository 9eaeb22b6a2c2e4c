package io.tessellate.engine.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.dataset.manifest.MetricName;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Intervals and tests, held against published worked examples and against slow references. */
final class UncertaintyTest {
    /** Newcombe, Statistics in Medicine 17 (1998), table I, score method without continuity correction. */
    @ParameterizedTest
    @CsvSource({"81, 263, 0.2553, 0.3662", "15, 148, 0.0624, 0.1605", "0, 20, 0.0000, 0.1611", "1, 29, 0.0061, 0.1718"})
    void wilsonsIntervalIsThatOfNewcombesExamples(long hits, long of, double low, double high) {
        ScoreInterval interval = ScoreInterval.wilson(hits, of);

        assertThat(interval.low()).isCloseTo(low, within(5e-5));
        assertThat(interval.high()).isCloseTo(high, within(5e-5));
        assertThat(interval.method()).isEqualTo(ScoreInterval.Method.WILSON);
    }

    /** Fagerland, Lydersen, Laake, BMC Medical Research Methodology 13 (2013), airway hyper-responsiveness: 1 and 7 discordant pairs. */
    @Test
    void mcNemarsExactTestIsThatOfAPublishedExample() {
        assertThat(DropTest.mcNemar(7, 1)).isCloseTo(0.0703, within(5e-5));
        assertThat(DropTest.mcNemar(1, 7)).isEqualTo(DropTest.mcNemar(7, 1));
        assertThat(DropTest.mcNemar(0, 0)).isEqualTo(1);
        assertThat(DropTest.mcNemar(5, 5)).isEqualTo(1);
        assertThat(DropTest.mcNemar(500, 0)).isGreaterThan(0).isLessThan(1e-100);
    }

    /** The worked example of R's documentation and most textbooks: p.adjust(c(.01, .04, .03, .005), "holm"). */
    @Test
    void holmsCorrectionIsThatOfThePublishedExample() {
        List<Double> corrected = DropTest.holm(List.of(0.01, 0.04, 0.03, 0.005));

        assertThat(IntStream.range(0, 4).mapToDouble(corrected::get).toArray())
                .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
        assertThat(DropTest.holm(List.of())).isEmpty();
        assertThat(DropTest.holm(List.of(0.9, 0.8))).containsExactly(1.0, 1.0);
    }

    @Test
    void aProportionIsTestedByItsFlipsInBothDirections() {
        Outcomes before =
                outcomes(MetricName.ACCURACY, new double[] {1, 1, 1, 0, 1, 1}, new double[] {1, 1, 1, 1, 1, 1});
        Outcomes now = outcomes(MetricName.ACCURACY, new double[] {1, 0, 0, 1, 1, 0}, new double[] {1, 1, 1, 1, 1, 1});

        DropTest test = DropTest.of(before, now);

        assertThat(test.method()).isEqualTo(DropTest.Method.MCNEMAR_EXACT);
        assertThat(test.lost()).isEqualTo(3);
        assertThat(test.won()).isEqualTo(1);
        assertThat(test.p()).isCloseTo(0.625, within(1e-12));
    }

    /** With six examples all 64 exchanges can be gone through. */
    @ParameterizedTest
    @EnumSource(
            value = MetricName.class,
            names = {"F1", "MATTHEWS", "PEARSON", "SPEARMAN", "INVERSE_PERPLEXITY", "ROUGE1"})
    void thePermutationTestAgreesWithGoingThroughAllExchanges(MetricName metric) {
        Random random = new Random(metric.ordinal());
        boolean classes = metric.kind() == MetricName.Kind.CLASSES;
        double[] targets = values(random, classes, metric);
        Outcomes before = outcomes(metric, values(random, classes, metric), targets);
        Outcomes now = outcomes(metric, values(random, classes, metric), targets);

        double p = DropTest.of(before, now).p();

        assertThat(p).isCloseTo(exact(before, now), within(0.05));
        assertThat(DropTest.of(before, now).p()).as("seeded").isEqualTo(p);
        assertThat(DropTest.of(before, before).p()).isEqualTo(1);
    }

    private static double[] values(Random random, boolean classes, MetricName metric) {
        return IntStream.range(0, 6)
                .mapToDouble(i -> classes ? random.nextInt(2) : 1 + random.nextInt(7) / (double) (1 + metric.ordinal()))
                .toArray();
    }

    private static double exact(Outcomes before, Outcomes now) {
        double observed = Math.abs(before.score() - now.score());
        int asFar = 0;
        for (int way = 0; way < 64; way++) {
            boolean[] swapped = new boolean[6];
            for (int i = 0; i < 6; i++) {
                swapped[i] = (way >> i & 1) == 1;
            }
            double difference = before.scoreWith(now, swapped) - now.scoreWith(before, swapped);
            asFar += Math.abs(difference) >= observed - 1e-9 ? 1 : 0;
        }
        return asFar / 64.0;
    }

    /** A mean of many values has a normal interval of 1.96 standard errors to each side. */
    @Test
    void theBootstrapOfAMeanIsTheNormalInterval() {
        Random random = new Random(7);
        double[] scores =
                IntStream.range(0, 2000).mapToDouble(i -> random.nextDouble()).toArray();
        double[] perfect = new double[scores.length];
        Arrays.fill(perfect, 1);

        ScoreInterval interval = ScoreInterval.of(outcomes(MetricName.ROUGEL, scores, perfect));

        double mean = Arrays.stream(scores).average().orElseThrow();
        double half = 1.96 / Math.sqrt(12.0 * scores.length);
        assertThat(interval.low()).isCloseTo(mean - half, within(half / 5));
        assertThat(interval.high()).isCloseTo(mean + half, within(half / 5));
        assertThat(interval.method()).isEqualTo(ScoreInterval.Method.BOOTSTRAP);
        assertThat(ScoreInterval.of(outcomes(MetricName.ROUGEL, scores, perfect)))
                .isEqualTo(interval);
    }

    @Test
    void scoresOfOtherExamplesAreNotCompared() {
        Outcomes one = outcomes(MetricName.F1, new double[] {1, 0}, new double[] {1, 1});
        Outcomes other = outcomes(MetricName.F1, new double[] {1, 0}, new double[] {1, 0});

        assertThatThrownBy(() -> DropTest.of(one, other)).hasMessageContaining("not of the same examples");
    }

    private static Outcomes outcomes(MetricName metric, double[] predictions, double[] targets) {
        return new Outcomes(metric, predictions, targets);
    }
}
