package io.tessellate.engine.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tessellate.engine.method.Avoidance;
import io.tessellate.engine.model.head.Features;
import io.tessellate.engine.optimizer.OptimizerKind;
import io.tessellate.engine.optimizer.Schedule;
import io.tessellate.engine.precision.Precision;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.method.MethodName;
import io.tessellate.recipe.FieldType;
import io.tessellate.recipe.RecipeField;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeTest {
    @ParameterizedTest
    @EnumSource
    void everyMethodsDefaultsAreARecipeThatReadsBack(MethodName method) {
        Recipe recipe = Recipe.of(Map.of("method", method.text()));
        assertThat(recipe.methodName()).isEqualTo(method);
        assertThat(Recipe.parse(recipe.json())).isEqualTo(recipe);
    }

    @Test
    void nothingGivenMeansAnExpanderWithReplay() {
        Recipe recipe = Recipe.of(Map.of());
        assertThat(recipe.method()).isEqualTo("expander");
        assertThat(recipe.replay().share()).isEqualTo(0.25);
        assertThat(recipe.replay().targets()).isEqualTo(ReplayTargets.LOGITS);
        assertThat(recipe.calibration().epochs()).isZero();
    }

    @Test
    void fullFineTuningOwnsEverythingAndDoesNotReplay() {
        Recipe recipe = Recipe.of(Map.of("method", "full"));
        assertThat(recipe.density()).isEqualTo(1);
        assertThat(recipe.replay().share()).isZero();
    }

    @Test
    void whatIsGivenIsWhatIsRead() {
        Recipe recipe = Recipe.of(Map.of(
                "optimizer", "rmsprop", "schedule", "constant", "exhaustion", "shrink", "seed", 7, "maxLength", 64));
        assertThat(recipe.optimizer()).isEqualTo(OptimizerKind.RMSPROP);
        assertThat(recipe.schedule()).isEqualTo(Schedule.CONSTANT);
        assertThat(recipe.exhaustion()).isEqualTo(Exhaustion.SHRINK);
        assertThat(recipe.seed()).isEqualTo(7);
        assertThat(recipe.maxLength()).isEqualTo(64);
    }

    @ParameterizedTest
    @EnumSource
    void everyDeclaredMethodWorksUnderItsName(MethodName name) {
        assertThat(MethodTable.of(name).name()).isEqualTo(name);
    }

    @Test
    void everyWordAFieldMayHoldIsUnderstood() {
        Map<RecipeField, Function<Recipe, Object>> accessors = Map.ofEntries(
                Map.entry(RecipeField.METHOD, Recipe::method),
                Map.entry(RecipeField.OPTIMIZER, Recipe::optimizer),
                Map.entry(RecipeField.SCHEDULE, Recipe::schedule),
                Map.entry(RecipeField.REPLAY_TARGETS, recipe -> recipe.replay().targets()),
                Map.entry(RecipeField.REPLAY_SCHEDULE, recipe -> recipe.replay().schedule()),
                Map.entry(
                        RecipeField.CALIBRATION_SCOPE,
                        recipe -> recipe.calibration().scope()),
                Map.entry(RecipeField.COMPLETION_LOSS, recipe -> recipe.sumsCompletions() ? "sum" : "mean"),
                Map.entry(RecipeField.EXHAUSTION, Recipe::exhaustion),
                Map.entry(RecipeField.MASK_SCOPE, Recipe::maskScope),
                Map.entry(RecipeField.TARGETS, Recipe::targets),
                Map.entry(RecipeField.AVOID, Recipe::avoid),
                Map.entry(RecipeField.VALUES, Recipe::values),
                Map.entry(RecipeField.FEATURES, Recipe::features),
                Map.entry(RecipeField.PRECISION, Recipe::precision));
        for (RecipeField field : RecipeField.values()) {
            boolean plain = field != RecipeField.CALIBRATION_OPTIMIZER && field != RecipeField.PRESET;
            if (plain && field.rule() instanceof FieldType.Words words) {
                for (String word : words.words()) {
                    Map<String, String> given = field == RecipeField.METHOD
                            ? Map.of(field.text(), word)
                            : Map.of("method", "lotto", field.text(), word);
                    Recipe recipe = Recipe.of(given);
                    assertThat(accessors.get(field).apply(recipe)).asString().isEqualToIgnoringCase(word);
                }
            }
        }
    }

    @Test
    void aCalibrationsRuleIsTheTrainingsUnlessNamed() {
        Map<String, Object> given = Map.of("method", "lota", "optimizer", "rmsprop");
        assertThat(Recipe.of(given).calibration().optimizer()).isEqualTo(OptimizerKind.RMSPROP);
        assertThat(Recipe.of(given)
                        .with("calibrationOptimizer", "adamw")
                        .calibration()
                        .optimizer())
                .isEqualTo(OptimizerKind.ADAMW);
        assertThat(Recipe.of(given).json()).doesNotContain("calibrationOptimizer");
    }

    @Test
    void aCalibrationGoesByItsOwnRateAndRule() {
        Recipe recipe = Recipe.of(Map.of(
                "method", "lotto", "learningRate", 0.01, "calibrationOptimizer", "rmsprop", "schedule", "constant"));
        assertThatIllegalStateException().isThrownBy(() -> CalibrationRecipe.trial(recipe));
        Recipe settled = CalibrationRecipe.settled(recipe, 5e-4);
        Recipe trial = CalibrationRecipe.trial(settled);
        assertThat(trial.rate(0, 10)).isEqualTo(5e-4);
        assertThat(trial.optimizer()).isEqualTo(OptimizerKind.RMSPROP);
        assertThat(settled.rate(0, 10)).isEqualTo(0.01);
        Recipe named = recipe.with("calibrationLearningRate", 2e-3);
        assertThat(CalibrationRecipe.settled(named, 5e-4)).isEqualTo(named);
        Recipe untried = Recipe.of(Map.of("method", "expander"));
        assertThat(CalibrationRecipe.settled(untried, 5e-4)).isEqualTo(untried);
    }

    @Test
    void aFieldThatCameLaterIsInTheTextOnlyIfItSaysSomething() {
        assertThat(Recipe.of(Map.of("recompute", false)).json())
                .isEqualTo(Recipe.of(Map.of()).json())
                .doesNotContain("recompute");
        Recipe recipe = Recipe.of(Map.of("recompute", true));
        assertThat(recipe.json()).contains("\"recompute\":true");
        assertThat(Recipe.parse(recipe.json())).isEqualTo(recipe);
    }

    @Test
    void anEarlierTextHasTheStepsThatItsEpochsComeTo() {
        String earlier = Recipe.of(Map.of("epochs", 3)).json();
        assertThat(earlier).doesNotContain("minSteps");
        assertThat(Recipe.parse(earlier).epochs(25)).isEqualTo(3);
        assertThat(Recipe.parse(earlier).json()).isEqualTo(earlier);
        String now = Recipe.of(Map.of()).json();
        assertThat(now).contains("\"epochs\":3.0").contains("\"minSteps\":300");
        assertThat(Recipe.parse(now).json()).isEqualTo(now);
    }

    @ParameterizedTest
    @CsvSource({"25, 6", "24, 6.25", "50, 3", "2000, 3", "8, 18.75", "7, 20", "1, 20"})
    void fewStepsAreMadeMoreByEpochsUpToTwenty(int batches, double epochs) {
        assertThat(Recipe.of(Map.of("epochs", 3, "minSteps", 150)).epochs(batches))
                .isEqualTo(epochs);
        assertThat(Recipe.of(Map.of("epochs", 30, "minSteps", 150)).epochs(batches))
                .isEqualTo(30);
        assertThat(Recipe.of(Map.of("epochs", 0.5)).epochs(batches)).isEqualTo(0.5);
    }

    @Test
    void aHeadReadsAllFeaturesUnlessTheRecipeSaysOtherwise() {
        Recipe all = Recipe.of(Map.of());
        assertThat(all.features()).isEqualTo(Features.TOKEN_AND_MEAN);
        assertThat(all.json()).doesNotContain("features");
        Recipe token = Recipe.of(Map.of("features", "token"));
        assertThat(token.features()).isEqualTo(Features.TOKEN);
        assertThat(Recipe.parse(token.json())).isEqualTo(token);
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> Recipe.of(Map.of("features", "mean")))
                .withMessageContaining("features");
    }

    @Test
    void aPrecisionThatIsNotNamedIsSingleAndInNoText() {
        assertThat(Recipe.of(Map.of()).precision()).isEqualTo(Precision.FP32);
        assertThat(Recipe.of(Map.of("precision", "fp32")).json())
                .isEqualTo(Recipe.of(Map.of()).json())
                .doesNotContain("precision");
        assertThat(Recipe.of(Map.of("precision", "mixed")).json()).contains("\"precision\":\"mixed\"");
    }

    @Test
    void theTextDoesNotDependOnTheOrderOrTypeOfWhatWasGiven() {
        Recipe a = Recipe.parse("{\"seed\": 3, \"epochs\": 2, \"method\": \"expander\"}");
        Recipe b = Recipe.of(Map.of("method", "expander", "epochs", 2.0f, "seed", 3L));
        assertThat(a.json())
                .isEqualTo(b.json())
                .contains("\"batchSize\":16,\"bucketWindow\":8,\"calibrationEpochs\":0.0,");
    }

    @Test
    void aWarmUpIsGivenInOneWayOnly() {
        assertRefused(
                Map.of("warmupShare", 0.1, "warmupSteps", 10),
                "recipe field 'warmupSteps' is 10 but must be 0 where warmupShare is given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "ewc", "lora", "pissa"})
    void withoutAMaskThereIsNothingToAvoid(String method) {
        for (String avoid : List.of("fisher", "conflict")) {
            assertRefused(
                    Map.of("method", method, "avoid", avoid),
                    "recipe field 'avoid' is %s but must be none where the method has no mask to leave weights out of"
                            .formatted(avoid));
        }
    }

    @Test
    void everyMaskAvoidsAlsoOneThatIsReservedForAParallelTask() {
        for (MethodName method : MethodName.values()) {
            if (!method.claim().overwrites()) {
                Recipe recipe = Recipe.of(Map.of("method", method.text(), "avoid", "conflict"));
                assertThat(recipe.avoid()).isEqualTo(Avoidance.CONFLICT);
                assertThat(recipe.lookback()).isEqualTo(Lookback.EXAMPLES);
            }
        }
        Recipe parallel = Recipe.of(Map.of("method", "expander", "parallel", true, "avoid", "fisher"));
        assertThat(parallel.parallel()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "replayShare, 0.25, EXAMPLES",
        "replayShare, 0, NONE",
        "distillShare, 0.5, HEADS",
        "pseudoShare, 0.5, HEADS",
        "elasticity, 1, EXAMPLES",
        "maskFrom, first, NONE",
        "maskFrom, other/first, NONE",
        "avoid, conflict, EXAMPLES"
    })
    void aTrainingNeedsOfEarlierTasksWhatItsRecipeDoesWithThem(String field, String value, Lookback needed) {
        Map<String, Object> fields = new HashMap<>(Map.of("method", "lotto", "replayShare", 0));
        fields.put(field, value.matches("[0-9.]+") ? Double.valueOf(value) : value);
        assertThat(Recipe.of(fields).lookback()).isEqualTo(needed);
    }

    @Test
    void theRateFollowsStepsOrShareOfTheWarmUp() {
        Recipe byShare = Recipe.of(Map.of("learningRate", 1.0, "warmupShare", 0.2));
        Recipe bySteps = Recipe.of(Map.of("learningRate", 1.0, "warmupSteps", 4));
        for (long step = 0; step < 20; step++) {
            assertThat(bySteps.rate(step, 20)).isEqualTo(byShare.rate(step, 20));
        }
        assertThat(bySteps.rate(0, 20)).isEqualTo(0.2);
        assertThat(bySteps.rate(4, 20)).isEqualTo(1);
    }

    @Test
    void anUnknownFieldIsRefused() {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> Recipe.of(Map.of("momentum", 0.1)))
                .withMessageStartingWith(
                        "recipe field 'momentum' is 0.1 but is no field of a recipe; known are [alpha,");
    }

    @Test
    void changingAFieldChecksItAgain() {
        Recipe recipe = Recipe.of(Map.of());
        assertThat(recipe.with("seed", 9).seed()).isEqualTo(9);
        assertThatExceptionOfType(TessellateException.class).isThrownBy(() -> recipe.with("density", 2));
    }

    private static void assertRefused(Map<String, ?> given, String message) {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> Recipe.of(given))
                .withMessage(message)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_RECIPE));
    }
}
