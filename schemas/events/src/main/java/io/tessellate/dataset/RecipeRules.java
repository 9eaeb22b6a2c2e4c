package io.tessellate.dataset;

import io.tessellate.dataset.ManifestRules.Problem;
import io.tessellate.error.ErrorCode;
import io.tessellate.event.Recipe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a recipe has to hold to before anything is trained by it: a dataset closes only once, so a misspelt method must not
 * get that far.
 */
final class RecipeRules {
    private static final List<String> METHODS = List.of(
            "full",
            "lota",
            "lotto",
            "expander",
            "random",
            "magnitude",
            "gradient",
            "snip",
            "force",
            "taylor",
            "fisher",
            "grasp");
    private static final List<String> OPTIMIZERS = List.of("adamw", "rmsprop");
    private static final List<String> SCHEDULES = List.of("linear", "constant", "cosine");
    private static final List<String> REPLAY_TARGETS = List.of("logits", "labels");
    private static final List<String> EXHAUSTION = List.of("reject", "shrink");

    private RecipeRules() {}

    static List<Problem> problems(@Nullable Recipe recipe) {
        if (recipe == null) {
            return List.of();
        }
        var found = new Problems(ErrorCode.INVALID_RECIPE);
        words(recipe, found);
        sizes(recipe, found);
        shares(recipe, found);
        return found.list();
    }

    private static void words(Recipe recipe, Problems found) {
        found.oneOf("method", recipe.getMethod(), METHODS);
        found.oneOf("optimizer", recipe.getOptimizer(), OPTIMIZERS);
        found.oneOf("schedule", recipe.getSchedule(), SCHEDULES);
        found.oneOf("replayTargets", recipe.getReplayTargets(), REPLAY_TARGETS);
        found.oneOf("exhaustion", recipe.getExhaustion(), EXHAUSTION);
    }

    private static void sizes(Recipe recipe, Problems found) {
        found.positive("epochs", recipe.getEpochs());
        found.atLeast("calibrationEpochs", recipe.getCalibrationEpochs(), 0);
        found.atLeast("batchSize", recipe.getBatchSize(), 1);
        found.positive("learningRate", recipe.getLearningRate());
        found.atLeast("weightDecay", recipe.getWeightDecay(), 0);
        found.atLeast("clipNorm", recipe.getClipNorm(), 0);
        found.atLeast("clipTensorNorm", recipe.getClipTensorNorm(), 0);
        found.atLeast("warmupSteps", recipe.getWarmupSteps(), 0);
        found.atLeast("microBatch", recipe.getMicroBatch(), 0);
        found.atLeast("bucketWindow", recipe.getBucketWindow(), 1);
        found.atLeast("stopPatience", recipe.getStopPatience(), 1);
        found.atLeast("maxLength", recipe.getMaxLength(), 4);
    }

    private static boolean isSet(@Nullable Number value) {
        return value != null && value.doubleValue() > 0;
    }

    private static void shares(Recipe recipe, Problems found) {
        found.positive("density", recipe.getDensity());
        found.range("density", recipe.getDensity(), 0, 1);
        found.range("warmupShare", recipe.getWarmupShare(), 0, 1);
        found.check(
                !isSet(recipe.getWarmupShare()) || !isSet(recipe.getWarmupSteps()),
                "warmupSteps must be 0 where warmupShare is given: %s",
                recipe.getWarmupSteps());
        found.partial("dropout", recipe.getDropout());
        found.partial("stopShare", recipe.getStopShare());
        found.atLeast("replayShare", recipe.getReplayShare(), 0);
        found.positive("replayMemory", recipe.getReplayMemory());
        found.range("replayMemory", recipe.getReplayMemory(), 0, 1);
    }
}
