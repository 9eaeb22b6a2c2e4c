package io.tessellate.engine.pretrain;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/**
 * How an encoder is pretrained.
 *
 * @param model what it looks like
 * @param maskToken id that stands for a word to be guessed
 * @param firstWordToken lowest id that is a word; those below are special and never masked
 * @param steps optimiser steps
 * @param batchSize sequences per step
 * @param learningRate peak rate of AdamW, reached after a linear warm-up, then falling linearly to zero
 * @param seed of the initial weights, the order of the sequences and the choice of masked words
 */
public record PretrainingPlan(
        ModelConfig model,
        int maskToken,
        int firstWordToken,
        int steps,
        int batchSize,
        double learningRate,
        long seed) {
    /** Share of the words that are to be guessed. */
    static final double MASKED = 0.15;
    /** Share of those that the mask token stands for. */
    static final double SHOWN_AS_MASK = 0.8;
    /** Share of those that a random word stands for; the rest stay as they are. */
    static final double SHOWN_AS_RANDOM = 0.1;
    /** Share of the steps over which the rate rises. */
    static final double WARMUP = 0.1;
    /** Largest norm of a step's gradient. */
    static final double CLIP = 1.0;
    /** Decoupled weight decay. */
    static final double WEIGHT_DECAY = 0.01;

    /** Checks every number. */
    public PretrainingPlan {
        require(steps > 0 && batchSize > 0, "steps %d and batchSize %d must be positive".formatted(steps, batchSize));
        require(learningRate > 0, "learningRate %s must be positive".formatted(learningRate));
        require(
                maskToken >= 0 && maskToken < firstWordToken && firstWordToken < model.vocabulary(),
                "maskToken %d must lie below firstWordToken %d, and that below the vocabulary's %d"
                        .formatted(maskToken, firstWordToken, model.vocabulary()));
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "pretraining plan: " + problem);
        }
    }
}
