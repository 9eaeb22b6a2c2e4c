package io.tessellate.engine.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.dataset.manifest.MetricName;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the metrics to rouge-score, scikit-learn and scipy; {@code src/test/python/metric_reference.py} asked them. */
class MetricReferenceTest {
    private static JsonNode reference;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream file = MetricReferenceTest.class.getResourceAsStream("/metric/reference.json")) {
            reference = new ObjectMapper().readTree(file);
        }
    }

    @Test
    void threeThousandWordsHaveTheStemsOfTheReferenceScorer() {
        JsonNode stems = reference.path("stems");
        assertThat(stems).hasSizeGreaterThan(3000);
        List<String> wrong = new ArrayList<>();
        for (JsonNode pair : stems) {
            String word = pair.get(0).asText();
            String stem = PorterStemmer.stem(word);
            if (!stem.equals(pair.get(1).asText())) {
                wrong.add("%s: %s instead of %s".formatted(word, stem, pair.get(1)));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void rougeIsThatOfTheReferenceScorer() {
        for (JsonNode row : reference.path("rouge")) {
            List<String> prediction = List.of(row.path("prediction").asText());
            List<String> wanted = List.of(row.path("reference").asText());
            for (MetricName metric : List.of(MetricName.ROUGE1, MetricName.ROUGE2, MetricName.ROUGEL)) {
                assertThat(Metric.of(metric).score(prediction, wanted))
                        .as("%s of %s", metric, row)
                        .isCloseTo(row.path(metric.label()).asDouble(), within(1e-12));
            }
        }
    }

    @Test
    void metricsOfClassesAreThoseOfScikitLearn() {
        for (JsonNode row : reference.path("classes")) {
            assertNumbers(row, MetricName.ACCURACY, MetricName.F1, MetricName.MATTHEWS);
        }
    }

    @Test
    void correlationsAreThoseOfScipy() {
        for (JsonNode row : reference.path("values")) {
            assertNumbers(row, MetricName.PEARSON, MetricName.SPEARMAN);
        }
    }

    private static void assertNumbers(JsonNode row, MetricName... metrics) {
        double[] predictions = numbers(row.path("predictions"));
        double[] labels = numbers(row.path("labels"));
        for (MetricName metric : metrics) {
            assertThat(Metric.of(metric).score(predictions, labels))
                    .as(metric.label())
                    .isCloseTo(row.path(metric.label()).asDouble(), within(1e-12));
        }
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}
