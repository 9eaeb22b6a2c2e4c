package io.tessellate.pipeline.cli;

import io.tessellate.event.Recipe;
import java.util.function.Consumer;
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

    @Option(names = "--schedule", paramLabel = "NAME", description = "linear, cosine or constant.")
    private @Nullable String schedule;

    @Option(
            names = "--warmup",
            paramLabel = "X",
            description = "Share of the steps over which the learning rate rises.")
    private @Nullable Double warmupShare;

    @Option(
            names = "--warmup-steps",
            paramLabel = "N",
            description = "Number of steps over which the learning rate rises, instead of --warmup.")
    private @Nullable Integer warmupSteps;

    @Option(names = "--weight-decay", paramLabel = "X", description = "Decoupled weight decay of trained entries.")
    private @Nullable Double weightDecay;

    @Option(names = "--clip-norm", paramLabel = "X", description = "Largest norm of the gradient; 0: no clipping.")
    private @Nullable Double clipNorm;

    @Option(
            names = "--clip-tensor-norm",
            paramLabel = "X",
            description = "Largest norm of one tensor's gradient; 0: no clipping.")
    private @Nullable Double clipTensorNorm;

    @Option(
            names = "--dropout",
            paramLabel = "X",
            description = "Share of hidden values dropped in training, in [0, 1).")
    private @Nullable Double dropout;

    @Option(
            names = "--micro-batch",
            paramLabel = "N",
            description = "Most examples that go through the model at once; 0: a whole batch.")
    private @Nullable Integer microBatch;

    @Option(
            names = "--bucket-window",
            paramLabel = "N",
            description = "Batches among which examples are sorted by length; 1: none.")
    private @Nullable Integer bucketWindow;

    @Option(
            names = "--stop-share",
            paramLabel = "X",
            description = "Share of the train split held out to stop early by; 0: none.")
    private @Nullable Double stopShare;

    @Option(
            names = "--stop-patience",
            paramLabel = "N",
            description = "Epochs without a lower loss on what is held out, after which training stops.")
    private @Nullable Integer stopPatience;

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
        given(method, builder::setMethod);
        given(density, builder::setDensity);
        given(epochs, builder::setEpochs);
        given(calibrationEpochs, builder::setCalibrationEpochs);
        given(seed, builder::setSeed);
        given(exhaustion, builder::setExhaustion);
        given(replayShare, builder::setReplayShare);
        given(replayMemory, builder::setReplayMemory);
        given(stopShare, builder::setStopShare);
        given(stopPatience, builder::setStopPatience);
        batches(builder);
        optimisation(builder);
        return builder.build();
    }

    private void batches(Recipe.Builder builder) {
        given(batchSize, builder::setBatchSize);
        given(microBatch, builder::setMicroBatch);
        given(bucketWindow, builder::setBucketWindow);
        given(maxLength, builder::setMaxLength);
        given(dropout, builder::setDropout);
    }

    private void optimisation(Recipe.Builder builder) {
        given(learningRate, builder::setLearningRate);
        given(optimizer, builder::setOptimizer);
        given(schedule, builder::setSchedule);
        given(warmupShare, builder::setWarmupShare);
        given(warmupSteps, builder::setWarmupSteps);
        given(weightDecay, builder::setWeightDecay);
        given(clipNorm, builder::setClipNorm);
        given(clipTensorNorm, builder::setClipTensorNorm);
    }

    private static <T> void given(@Nullable T value, Consumer<T> field) {
        if (value != null) {
            field.accept(value);
        }
    }
}
