package io.tessellate.dataset.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.ChatTemplate;
import io.tessellate.event.Objective;
import io.tessellate.event.Recipe;
import io.tessellate.event.TaskManifest;
import io.tessellate.method.MethodName;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ManifestValidationTest {
    private static TaskManifest.Builder manifest() {
        return TaskManifest.newBuilder().setModel("glue").setTask("sst2").setLabels(List.of("a", "b"));
    }

    private static void assertProblem(TaskManifest.Builder manifest, ErrorCode code, String message) {
        List<ManifestValidation.Problem> problems = ManifestValidation.problems(manifest.build());
        assertThat(problems).containsExactly(new ManifestValidation.Problem(code, message));
    }

    private static void assertRecipe(Recipe.Builder recipe, String message) {
        assertProblem(manifest().setRecipe(recipe.build()), ErrorCode.INVALID_RECIPE, message);
    }

    @Test
    void aPlainManifestIsSound() {
        ManifestValidation.require(manifest().build());
        ManifestValidation.require(manifest()
                .setObjective(Objective.REGRESSION)
                .setLabels(List.of())
                .setMetric("spearman")
                .build());
    }

    @Test
    void everyRuleSaysFieldValueAndRule() {
        ErrorCode code = ErrorCode.INVALID_MANIFEST;
        assertProblem(manifest().setLabels(List.of("a")), code, "labels must be at least two classes: [a]");
        assertProblem(manifest().setLabels(List.of("a", "a")), code, "labels must differ: [a, a]");
        assertProblem(manifest().setLabels(List.of("a", " ")), code, "labels must not be empty: [a,  ]");
        assertProblem(
                manifest().setObjective(Objective.REGRESSION), code, "labels must be empty for REGRESSION: [a, b]");
        assertProblem(
                manifest().setMetric("pearson"),
                code,
                "metric 'pearson' does not fit classification: choose one of [accuracy, f1, matthews]");
        assertProblem(
                manifest()
                        .setObjective(Objective.GENERATION)
                        .setLabels(List.of())
                        .setMetric("accuracy"),
                code,
                "metric 'accuracy' does not fit generation: choose one of"
                        + " [choice_likelihood, exact_match, gsm8k, inverse_perplexity, rouge1, rouge2, rougel]");
        assertProblem(
                manifest().setPromptTemplate("Q: {prompt} A:"),
                code,
                "promptTemplate needs a prompt, which CLASSIFICATION has not");
        assertProblem(
                manifest()
                        .setObjective(Objective.GENERATION)
                        .setLabels(List.of())
                        .setPromptTemplate("Q: prompt"),
                code,
                "promptTemplate must contain {prompt}: 'Q: prompt'");
        assertProblem(
                manifest().setChatTemplate(chat("{{ x }}")),
                code,
                "chatTemplate is for generated texts, not for classification by accuracy");
        TaskManifest.Builder generation =
                manifest().setObjective(Objective.GENERATION).setLabels(List.of());
        assertProblem(
                generation.setChatTemplate(chat("{% if x %}")),
                code,
                "the chat template, line 1, column 11: '[elif, else, endif]' is missing");
        assertProblem(
                generation.setChatTemplate(chat("{{ x }}")).setPromptTemplate("Q: {prompt}"),
                code,
                "promptTemplate frames prompts, and with a chatTemplate there are none: 'Q: {prompt}'");
        ChatTemplate tomorrow = chat("{{ x }}");
        tomorrow.setDate("tomorrow");
        assertProblem(
                generation.setPromptTemplate(null).setChatTemplate(tomorrow),
                code,
                "chatTemplate.date must be a day such as 2024-07-26: 'tomorrow'");
        assertProblem(manifest().setEvalShare(1.5), code, "evalShare must be from 0.0 to 1.0: 1.5");
        assertProblem(manifest().setEvalShare(Double.NaN), code, "evalShare must be from 0.0 to 1.0: NaN");
        assertProblem(manifest().setTolerance(-0.1), code, "tolerance must be from 0.0 to 1.0: -0.1");
        assertProblem(manifest().setExpectedRecords(0L), code, "expectedRecords must be at least 1: 0");
        assertProblem(manifest().setDatasetDigest("abc"), code, "SHA-256 'abc' must be 64 lower-case hex digits");
        assertProblem(
                manifest().setModel("No Good"),
                code,
                "model 'No Good' must be 1 to 63 of a-z, 0-9, '_' and '-', starting with a letter or digit");
    }

    @Test
    void aRecipeIsHeldToItsRangesBeforeAnythingIsTrained() {
        assertRecipe(
                Recipe.newBuilder().setMethod("lotta"),
                "recipe field 'method' is lotta but must be one of " + String.join(", ", MethodName.texts()));
        assertRecipe(
                Recipe.newBuilder().setDensity(1.01),
                "recipe field 'density' is 1.01 but must be a number and must lie in (0, 1], or auto");
        assertRecipe(
                Recipe.newBuilder().setLearningRate(Double.NaN),
                "recipe field 'learningRate' is NaN but must be a number and must be greater than 0, or auto");
        assertRecipe(
                Recipe.newBuilder().setBatchSize(0),
                "recipe field 'batchSize' is 0 but must be a whole number and must lie in [1, 65536]");
        assertRecipe(
                Recipe.newBuilder().setWarmupShare(0.1).setWarmupSteps(5),
                "recipe field 'warmupSteps' is 5 but must be 0 where warmupShare is given");
    }

    @Test
    void allProblemsAreSaidAtOnceAndTheFirstGivesTheCode() {
        TaskManifest bad = manifest()
                .setTolerance(2.0)
                .setExpectedRecords(-1L)
                .setRecipe(Recipe.newBuilder().setEpochs(0.0).build())
                .build();
        assertThatThrownBy(() -> ManifestValidation.require(bad))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MANIFEST))
                .hasMessageContaining("tolerance")
                .hasMessageContaining("expectedRecords")
                .hasMessageContaining("epochs");
    }

    @Test
    void theMetricFollowsFromTheObjective() {
        assertThat(metric(manifest())).isEqualTo(MetricName.ACCURACY);
        assertThat(metric(manifest().setMetric("f1"))).isEqualTo(MetricName.F1);
        assertThat(metric(manifest().setObjective(Objective.REGRESSION))).isEqualTo(MetricName.PEARSON);
    }

    private static MetricName metric(TaskManifest.Builder manifest) {
        return ManifestCodec.fromAvro(manifest.build()).metric();
    }

    @Test
    void aRecipesTextIsCanonical() {
        assertThat(text(null)).isEqualTo("{}");
        assertThat(text(new Recipe())).isEqualTo("{}");
        assertThat(text(Recipe.newBuilder()
                        .setSeed(7L)
                        .setMethod("lotto")
                        .setDensity(0.1)
                        .build()))
                .isEqualTo("{\"density\":0.1,\"method\":\"lotto\",\"seed\":7}");
    }

    private static String text(@Nullable Recipe recipe) {
        return RecipeText.of(ManifestCodec.recipe(recipe));
    }

    private static ChatTemplate chat(String template) {
        return ChatTemplate.newBuilder().setTemplate(template).build();
    }
}
