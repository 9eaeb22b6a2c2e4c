package io.tessellate.dataset.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.Objective;
import io.tessellate.event.TaskManifest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DecodingTest {
    private static TaskManifest.Builder manifest(@Nullable String metric) {
        return TaskManifest.newBuilder()
                .setModel("stories")
                .setTask("maths")
                .setObjective(Objective.GENERATION)
                .setMetric(metric);
    }

    private static io.tessellate.event.Decoding asked() {
        return new io.tessellate.event.Decoding(0.6, 50, 0.9, 7L, 512);
    }

    @Test
    void whatIsNotGivenIsGreedy() {
        assertThat(ManifestCodec.decoding(null)).isEqualTo(Decoding.GREEDY);
        assertThat(ManifestCodec.decoding(new io.tessellate.event.Decoding())).isEqualTo(Decoding.GREEDY);
        assertThat(Decoding.of(null, null, null, null, 9)).isEqualTo(new Decoding(0, 0, 1, 0, 9));
        assertThat(Decoding.of(0.5, null, null, null, null)).isEqualTo(new Decoding(0.5, 0, 1, 0, null));
    }

    @Test
    void lotasOwnSettingCanBeAskedFor() {
        TaskManifest manifest = manifest("gsm8k").setDecoding(asked()).build();
        ManifestValidation.require(manifest);
        assertThat(ManifestCodec.fromAvro(manifest).decoding()).isEqualTo(new Decoding(0.6, 50, 0.9, 7, 512));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "-0.1 | - | - | - | decoding.temperature must be a number of at least 0.0: -0.1",
                "NaN  | - | - | - | decoding.temperature must be a number of at least 0.0: NaN",
                "Infinity | - | - | - | decoding.temperature must be a number of at least 0.0: Infinity",
                "1 | -1 | - | - | decoding.topK must be at least 0: -1",
                "1 | - | 0 | - | decoding.topP must be above 0 and at most 1: 0.0",
                "1 | - | 1.1 | - | decoding.topP must be above 0 and at most 1: 1.1",
                "1 | - | NaN | - | decoding.topP must be above 0 and at most 1: NaN",
                "- | - | - | 0 | decoding.maxNewTokens must be at least 1: 0",
                "- | 5 | - | - | 'decoding.temperature must be given where topK, topP or seed is'",
                "- | - | 0.9 | - | 'decoding.temperature must be given where topK, topP or seed is'",
            })
    void everyRuleSaysFieldValueAndRule(
            @Nullable Double temperature,
            @Nullable Integer topK,
            @Nullable Double topP,
            @Nullable Integer maxNewTokens,
            String message) {
        var decoding = new io.tessellate.event.Decoding(temperature, topK, topP, null, maxNewTokens);
        assertThat(ManifestValidation.problems(
                        manifest("rougel").setDecoding(decoding).build()))
                .containsExactly(new ManifestValidation.Problem(ErrorCode.INVALID_MANIFEST, message));
    }

    @Test
    void allBrokenRulesAreSaidAtOnce() {
        assertThatThrownBy(() -> new Decoding(-1, -2, 3, 0, -4))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MANIFEST))
                .hasMessageContainingAll("temperature", "topK", "topP", "maxNewTokens");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inverse_perplexity", "choice_likelihood"})
    void aMetricThatComparesNoTextsHasNothingToDecode(String metric) {
        assertThat(ManifestValidation.problems(
                        manifest(metric).setDecoding(asked()).build()))
                .extracting(ManifestValidation.Problem::message)
                .containsExactly("decoding needs a metric of generated texts"
                        + " [exact_match, gsm8k, rouge1, rouge2, rougel], which '" + metric + "' is not");
    }

    @Test
    void theUsualMetricOfAnObjectiveHasNothingToDecodeEither() {
        assertThat(ManifestValidation.problems(
                        manifest(null).setDecoding(asked()).build()))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("'inverse_perplexity' is not"));
        TaskManifest classes = manifest(null)
                .setObjective(Objective.CLASSIFICATION)
                .setLabels(List.of("a", "b"))
                .setDecoding(asked())
                .build();
        assertThat(ManifestValidation.problems(classes))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("'accuracy' is not"));
    }
}
