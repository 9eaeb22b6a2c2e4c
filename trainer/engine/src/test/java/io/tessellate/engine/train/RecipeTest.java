package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.engine.method.Exhaustion;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.optimizer.OptimizerKind;
import io.tessellate.engine.optimizer.Schedule;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeTest {
    static Iterable<Method> methods() {
        return MethodTable.all();
    }

    @ParameterizedTest
    @MethodSource("methods")
    public void everyMethodsDefaultsAreARecipeThatReadsBack(Method method) {
        Recipe recipe = Recipe.of(Map.of("method", method.name()));
        assertThat(recipe.method()).isEqualTo(method.name());
        assertThat(Recipe.parse(recipe.json())).isEqualTo(recipe);
    }

    @Test
    public void nothingGivenMeansLottoWithReplay() {
        Recipe recipe = Recipe.of(Map.of());
        assertThat(recipe.method()).isEqualTo("lotto");
        assertThat(recipe.replayShare()).isEqualTo(0.125);
        assertThat(recipe.replayTargets()).isEqualTo(ReplayTargets.LOGITS);
        assertThat(recipe.calibrationEpochs()).isEqualTo(1);
    }

    @Test
    public void fullFineTuningOwnsEverythingAndDoesNotReplay() {
        Recipe recipe = Recipe.of(Map.of("method", "full"));
        assertThat(recipe.density()).isEqualTo(1);
        assertThat(recipe.replayShare()).isZero();
    }

    @Test
    public void everyFieldCanBeGiven() {
        Map<String, Object> given = Map.ofEntries(
                Map.entry("method", "lota"),
                Map.entry("density", 0.2),
                Map.entry("epochs", 1.5),
                Map.entry("calibrationEpochs", 0.25),
                Map.entry("batchSize", 8),
                Map.entry("learningRate", 2e-4),
                Map.entry("optimizer", "rmsprop"),
                Map.entry("schedule", "constant"),
                Map.entry("warmupShare", 0.1),
                Map.entry("warmupSteps", 0),
                Map.entry("clipTensorNorm", 0.5),
                Map.entry("dropout", 0.1),
                Map.entry("microBatch", 4),
                Map.entry("bucketWindow", 16),
                Map.entry("stopShare", 0.2),
                Map.entry("stopPatience", 3),
                Map.entry("weightDecay", 0.01),
                Map.entry("clipNorm", 0.0),
                Map.entry("maxLength", 64),
                Map.entry("seed", 7L),
                Map.entry("replayShare", 0.5),
                Map.entry("replayMemory", 0.3),
                Map.entry("replayTargets", "labels"),
                Map.entry("exhaustion", "shrink"));
        Recipe recipe = Recipe.of(given);
        assertThat(recipe.fields()).isEqualTo(given);
        assertThat(recipe.optimizer()).isEqualTo(OptimizerKind.RMSPROP);
        assertThat(recipe.schedule()).isEqualTo(Schedule.CONSTANT);
        assertThat(recipe.exhaustion()).isEqualTo(Exhaustion.SHRINK);
    }

    @Test
    public void theTextDoesNotDependOnTheOrderOrTypeOfWhatWasGiven() {
        Recipe a = Recipe.parse("{\"seed\": 3, \"epochs\": 2, \"method\": \"expander\"}");
        Recipe b = Recipe.of(Map.of("method", "expander", "epochs", 2.0f, "seed", 3L));
        assertThat(a.json())
                .isEqualTo(b.json())
                .startsWith("{\"batchSize\":16,\"bucketWindow\":8,\"calibrationEpochs\":0.0,");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "density|0|must lie in (0, 1]",
                "density|1.5|must lie in (0, 1]",
                "epochs|0|must be greater than 0",
                "epochs|NaN|must be greater than 0",
                "calibrationEpochs|-1|must be at least 0",
                "batchSize|2.5|must be a whole number",
                "batchSize|0|must be at least 1",
                "learningRate|Infinity|must be greater than 0",
                "maxLength|3|must be at least 4",
                "replayShare|-0.1|must be at least 0",
                "warmupShare|1.01|must lie in [0, 1]",
                "dropout|1|must lie in [0, 1)",
                "stopShare|1|must lie in [0, 1)",
                "stopPatience|0|must be at least 1",
                "microBatch|-1|must be at least 0",
                "bucketWindow|0|must be at least 1",
                "seed|0.5|must be a whole number",
            })
    public void aNumberOutOfRangeIsRefused(String field, double value, String rule) {
        assertRefused(Map.of(field, value), "recipe field '%s' is %s but %s".formatted(field, value, rule));
    }

    @Test
    public void whatIsNoNumberIsRefused() {
        assertRefused(Map.of("epochs", "three"), "recipe field 'epochs' is three but must be a number");
    }

    @Test
    public void anUnknownChoiceIsRefusedWithTheKnownOnes() {
        assertRefused(Map.of("optimizer", "sgd"), "recipe field 'optimizer' is sgd but must be one of adamw, rmsprop");
        assertRefused(
                Map.of("method", "magic"),
                "recipe field 'method' is magic but must be one of [full, lota, lotto, expander, random, magnitude, gradient, snip, force, taylor, fisher, grasp]");
    }

    @Test
    public void aWarmUpIsGivenInOneWayOnly() {
        assertRefused(
                Map.of("warmupShare", 0.1, "warmupSteps", 10),
                "recipe field 'warmupSteps' is 10 but must be 0 where warmupShare is given");
    }

    @Test
    public void theRateFollowsStepsOrShareOfTheWarmUp() {
        Recipe byShare = Recipe.of(Map.of("learningRate", 1.0, "warmupShare", 0.2));
        Recipe bySteps = Recipe.of(Map.of("learningRate", 1.0, "warmupSteps", 4));
        for (long step = 0; step < 20; step++) {
            assertThat(bySteps.rate(step, 20)).isEqualTo(byShare.rate(step, 20));
        }
        assertThat(bySteps.rate(0, 20)).isEqualTo(0.2);
        assertThat(bySteps.rate(4, 20)).isEqualTo(1);
    }

    @Test
    public void anUnknownFieldIsRefused() {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> Recipe.of(Map.of("momentum", 0.1)))
                .withMessageStartingWith(
                        "recipe field 'momentum' is 0.1 but is no field of a recipe; known are [batchSize,");
    }

    @Test
    public void changingAFieldChecksItAgain() {
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
