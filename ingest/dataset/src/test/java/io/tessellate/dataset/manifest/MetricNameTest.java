package io.tessellate.dataset.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class MetricNameTest {
    @ParameterizedTest
    @EnumSource(MetricName.class)
    void everyMetricIsFoundByItsNameAndInADescriptionOfItsName(MetricName metric) {
        assertThat(MetricName.named(metric.label())).isEqualTo(metric);
        assertThat(MetricName.in("by " + metric.label())).containsExactly(metric);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "F1 and accuracy | F1, ACCURACY",
                "Pearson and Spearman correlation | PEARSON, SPEARMAN",
                "exact match | EXACT_MATCH",
                "Exact match of the number after #### | GSM8K, EXACT_MATCH",
                "perplexity | INVERSE_PERPLEXITY",
                "accuracy of the highest log-likelihood | ACCURACY, CHOICE_LIKELIHOOD",
                "ROUGE-1, ROUGE-2 and ROUGE-L | ROUGE1, ROUGE2, ROUGEL",
            })
    void aDescriptionNamesItsMetricsInItsOrder(String description, String metrics) {
        assertThat(MetricName.in(description))
                .containsExactlyElementsOf(List.of(metrics.split(", ")).stream()
                        .map(MetricName::valueOf)
                        .toList());
    }

    @Test
    void aDescriptionWithoutAKnownWordNamesNone() {
        assertThat(MetricName.in("BLEU")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Objective.class)
    void theUsualMetricOfAnObjectiveFitsIt(Objective objective) {
        assertThat(objective.usualMetric().fits(objective)).isTrue();
        assertThat(MetricName.of(objective)).contains(objective.usualMetric());
    }
}
