package io.tessellate.engine.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.model.fixture.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextMetricTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "so 6 * 7 = 42 #### 42|#### 42|1",
                "#### 1,234|#### 1234|1",
                "#### -3|#### -3|1",
                "#### 42.0|#### 42|0",
                "#### 42.|#### 42|0",
                "#### 41 no, #### 42|#### 42|0",
                "####42|#### 42|0",
                "42|#### 42|0",
                "#### $42|#### 42|0",
                "#### 42|42|0",
            })
    void gsm8kComparesTheFirstNumberAfterTheMarkerAsText(String prediction, String reference, double score) {
        assertThat(Metric.of(MetricName.GSM8K).score(List.of(prediction), List.of(reference)))
                .isEqualTo(score);
    }

    @Test
    void everyPublishedGsm8kSolutionScoresAgainstItselfAndHoldsItsAnswer() throws IOException {
        Path file = RealData.require("gsm8k").resolve("eval.jsonl");
        ObjectMapper json = new ObjectMapper();
        for (String line : Files.readAllLines(file)) {
            var row = json.readTree(line);
            String solution = row.path("completion").asText();
            assertThat(Metric.of(MetricName.GSM8K).score(List.of(solution), List.of(solution)))
                    .isEqualTo(1);
            assertThat(AnswerMatch.finalNumber(solution))
                    .contains(row.path("answer").asText().replace(",", ""));
        }
    }

    @Test
    void exactMatchForgivesWhiteSpaceAndNothingElse() {
        List<String> predictions = List.of(" SELECT  a\nFROM t ", "select a FROM t", "SELECT a FROM t;");
        List<String> references = List.of("SELECT a FROM t", "SELECT a FROM t", "SELECT a FROM t");
        assertThat(Metric.of(MetricName.EXACT_MATCH).each(predictions, references))
                .containsExactly(1, 0, 0);
        assertThat(Metric.of(MetricName.EXACT_MATCH).score(predictions, references))
                .isCloseTo(1 / 3.0, within(1e-15));
    }

    /** Lin's own example (2004): both candidates share three of four words, but only one their order. */
    @Test
    void rougeLSeesTheOrderThatRougeOneDoesNot() {
        List<String> reference = List.of("police killed the gunman");
        assertThat(Metric.of(MetricName.ROUGEL).score(List.of("police kill the gunman now"), reference))
                .isCloseTo(8 / 9.0, within(1e-15));
        assertThat(Metric.of(MetricName.ROUGEL).score(List.of("the gunman kill police"), reference))
                .isCloseTo(0.5, within(1e-15));
        assertThat(Metric.of(MetricName.ROUGE1).score(List.of("the gunman kill police"), reference))
                .isEqualTo(1);
    }

    @Test
    void perplexityOfAUniformModelIsItsVocabulary() {
        double[] losses = {3 * Math.log(50), 7 * Math.log(50)};
        double[] tokens = {3, 7};
        assertThat(Perplexity.of(losses, tokens)).isCloseTo(50, within(1e-12));
        assertThat(Metric.of(MetricName.INVERSE_PERPLEXITY).score(losses, tokens))
                .isCloseTo(0.02, within(1e-15));
    }

    @Test
    void everyTokenCountsTheSameForPerplexity() {
        double[] losses = {Math.log(2), 3 * Math.log(4)};
        assertThat(Perplexity.of(losses, new double[] {1, 3})).isCloseTo(Math.pow(2 * 64, 0.25), within(1e-12));
    }

    @Test
    void numbersAndTextsAreNotMixedUp() {
        assertThatThrownBy(() -> Metric.of(MetricName.ROUGE1).score(new double[] {1}, new double[] {1}))
                .hasMessage("rouge1 scores texts, not numbers");
        assertThatThrownBy(() -> Metric.of(MetricName.ACCURACY).score(List.of("a"), List.of("a")))
                .hasMessage("accuracy scores numbers, not texts");
    }
}
