package io.tessellate.engine.train;

import io.tessellate.engine.data.BatchOrder;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.data.HeldOutSplit;
import io.tessellate.engine.data.Packs;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.Random;

/**
 * What one phase of a run learns from: the run's own task, or where a mask is calibrated on an earlier one, that one's.
 *
 * @param data the task
 * @param examples its train split in two
 */
record PhaseData(TaskData data, HeldOutSplit examples) {
    /** The course of the phase that trains. */
    static PhaseData own(TrainingJob job, Seeds seeds) {
        return of(job.data(), job, seeds);
    }

    /** The course of the phase that calibrates; INVALID_RECIPE if the recipe names a task that the model has not learnt. */
    static PhaseData calibrating(TrainingJob job, Seeds seeds) {
        String name = job.recipe().maskFrom();
        if (name.isEmpty()) {
            return own(job, seeds);
        }
        return job.earlier().stream()
                .map(EarlierTask::data)
                .filter(data -> data.task().task().value().equals(name))
                .findFirst()
                .map(data -> of(data, job, seeds))
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_RECIPE,
                        "recipe field 'maskFrom' is %s but must be an earlier task of the model: %s"
                                .formatted(name, names(job.earlier()))));
    }

    private static List<String> names(List<EarlierTask> earlier) {
        return earlier.stream().map(task -> task.data().task().task().value()).toList();
    }

    private static PhaseData of(TaskData data, TrainingJob job, Seeds seeds) {
        return new PhaseData(data, HeldOutSplit.of(data.train(), job.recipe().stopShare(), seeds));
    }

    /** The task's head before training, always the same. */
    Head head(int features, Seeds seeds) {
        return data.objective().initialHead(data.labels(), features, examples.train(), seeds.of("head"));
    }

    /**
     * The batches of a phase.
     *
     * @param positions most tokens that the model reads at once
     */
    BatchOrder order(Phase phase, Recipe recipe, Seeds seeds, int positions) {
        int[] lengths =
                examples.train().stream().mapToInt(EncodedExample::length).toArray();
        Packs packs = recipe.packing()
                ? packs(lengths, recipe, seeds.of("packs/" + phase.label()), positions)
                : Packs.single(lengths.length);
        return new BatchOrder(packs, lengths, recipe.batchSize(), recipe.bucketWindow(), seeds, phase.label());
    }

    private static Packs packs(int[] lengths, Recipe recipe, Random random, int positions) {
        int window = Math.multiplyExact(recipe.batchSize(), recipe.bucketWindow());
        return Packs.of(lengths, Math.min(recipe.maxLength(), positions), window, random);
    }
}
