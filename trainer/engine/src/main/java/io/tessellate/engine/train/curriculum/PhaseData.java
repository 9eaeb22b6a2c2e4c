package io.tessellate.engine.train.curriculum;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What one phase of a run learns from: the run's own task, or where a mask is calibrated on an earlier one, that one's.
 *
 * @param data the task
 * @param examples its train split in two
 */
public record PhaseData(TaskData data, HeldOutSplit examples) {
    static PhaseData of(TaskData data, Recipe recipe) {
        HeldOutSplit examples = HeldOutSplit.of(data.train(), recipe.stop().share(), new Seeds(recipe.seed()));
        return new PhaseData(data, examples);
    }

    /** The task's head before training, always the same. */
    Head head(int features, Seeds seeds) {
        return data.objective().initialHead(data.labels(), features, examples.train(), seeds.of("head"));
    }

    /**
     * The batches of a phase.
     *
     * @param positions most tokens that the model reads at once
     * @param further lengths of examples that are shuffled among the own ones
     */
    BatchOrder order(Phase phase, Recipe recipe, Seeds seeds, int positions, int[] further) {
        int[] lengths = IntStream.concat(
                        examples.train().stream().mapToInt(EncodedExample::length), IntStream.of(further))
                .toArray();
        Packs packs = recipe.packing()
                ? packs(lengths, recipe, seeds.of("packs/" + phase.label()), positions)
                : Packs.single(lengths.length);
        return new BatchOrder(packs, lengths, recipe.batchSize(), recipe.bucketWindow(), seeds, phase.label());
    }

    private static Packs packs(int[] lengths, Recipe recipe, Random random, int positions) {
        int window = (int) Math.min(lengths.length, (long) recipe.batchSize() * recipe.bucketWindow());
        return Packs.of(lengths, Math.min(recipe.maxLength(), positions), window, random);
    }
}
