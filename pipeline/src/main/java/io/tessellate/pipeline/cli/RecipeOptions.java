package io.tessellate.pipeline.cli;

import io.tessellate.event.Recipe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Recipe flags; each overrules the manifest. */
final class RecipeOptions {
    @Option(
            names = "--method",
            paramLabel = "NAME",
            description =
                    "lotto (default), lota, expander, random, magnitude, gradient, snip, force, taylor, fisher, grasp or full.")
    private @Nullable String method;

    @Option(
            names = "--density",
            paramLabel = "X",
            description = "Share of the eligible weights the task may own, in (0, 1].")
    private @Nullable Double density;

    @Option(names = "--epochs", paramLabel = "X", description = "Passes over the train split.")
    private @Nullable Double epochs;

    @Option(
            names = "--calibration-epochs",
            paramLabel = "X",
            description = "Passes before the mask is extracted (lota, lotto).")
    private @Nullable Double calibrationEpochs;

    @Option(names = "--batch-size", paramLabel = "N", description = "Examples per step.")
    private @Nullable Integer batchSize;

    @Option(names = "--learning-rate", paramLabel = "X", description = "Peak learning rate.")
    private @Nullable Double learningRate;

    @Option(names = "--optimizer", paramLabel = "NAME", description = "adamw or rmsprop.")
    private @Nullable String optimizer;

    @Option(names = "--schedule", paramLabel = "NAME", description = "linear or constant.")
    private @Nullable String schedule;

    @Option(
            names = "--warmup",
            paramLabel = "X",
            description = "Share of the steps over which the learning rate rises.")
    private @Nullable Double warmupShare;

    @Option(names = "--max-length", paramLabel = "N", description = "Tokens per example.")
    private @Nullable Integer maxLength;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of every random choice.")
    private @Nullable Long seed;

    @Option(
            names = "--replay",
            paramLabel = "X",
            description = "Examples of earlier tasks per step as a share of the batch; 0: none.")
    private @Nullable Double replayShare;

    @Option(
            names = "--replay-memory",
            paramLabel = "X",
            description = "Share of each earlier train split that replay draws from.")
    private @Nullable Double replayMemory;

    @Option(
            names = "--exhaustion",
            paramLabel = "NAME",
            description = "reject or shrink, when too few weights are free.")
    private @Nullable String exhaustion;

    /** The recipe with the given flags on top. */
    Recipe over(Recipe recipe) {
        Recipe.Builder builder = Recipe.newBuilder(recipe);
        if (method != null) {
            builder.setMethod(method);
        }
        if (density != null) {
            builder.setDensity(density);
        }
        if (epochs != null) {
            builder.setEpochs(epochs);
        }
        if (calibrationEpochs != null) {
            builder.setCalibrationEpochs(calibrationEpochs);
        }
        if (seed != null) {
            builder.setSeed(seed);
        }
        if (exhaustion != null) {
            builder.setExhaustion(exhaustion);
        }
        optimisation(builder);
        replay(builder);
        return builder.build();
    }

    private void optimisation(Recipe.Builder builder) {
        if (batchSize != null) {
            builder.setBatchSize(batchSize);
        }
        if (learningRate != null) {
            builder.setLearningRate(learningRate);
        }
        if (optimizer != null) {
            builder.setOptimizer(optimizer);
        }
        if (schedule != null) {
            builder.setSchedule(schedule);
        }
        if (warmupShare != null) {
            builder.setWarmupShare(warmupShare);
        }
        if (maxLength != null) {
            builder.setMaxLength(maxLength);
        }
    }

    private void replay(Recipe.Builder builder) {
        if (replayShare != null) {
            builder.setReplayShare(replayShare);
        }
        if (replayMemory != null) {
            builder.setReplayMemory(replayMemory);
        }
    }
}
