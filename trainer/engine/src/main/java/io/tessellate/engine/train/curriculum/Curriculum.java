package io.tessellate.engine.train.curriculum;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Features;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.version.LearntTasks;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What a run learns from, phase by phase: which examples, in which order and in how many steps. A function of the recipe. */
public final class Curriculum {
    private final Recipe recipe;
    private final ModelConfig config;
    private final Seeds seeds;
    private final PhaseData own;
    private final PhaseData calibrating;

    private final boolean remembers;

    private Curriculum(Recipe recipe, LearntTasks learnt, PhaseData own, PhaseData calibrating) {
        this.recipe = recipe;
        this.config = learnt.version().config();
        this.remembers = !learnt.remembered().isEmpty();
        this.seeds = new Seeds(recipe.seed());
        this.own = own;
        this.calibrating = calibrating;
    }

    /**
     * The curriculum of a run on a task; INVALID_RECIPE where the recipe packs what cannot be packed, or calibrates on a task
     * that the model has not learnt and that is not given to the run.
     */
    public static Curriculum of(Recipe recipe, TaskData data, LearntTasks learnt) {
        requirePackable(recipe, data);
        requireHead(recipe, data);
        PhaseData own = PhaseData.of(data, recipe);
        PhaseData calibrating = recipe.calibration().maskFrom().isEmpty()
                ? own
                : PhaseData.of(maskData(recipe.calibration().maskFrom(), learnt), recipe);
        return new Curriculum(recipe, learnt, own, calibrating);
    }

    private static TaskData maskData(String task, LearntTasks learnt) {
        return learnt.maskData()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_RECIPE,
                        "recipe field 'maskFrom' is %s but must be an earlier task of the model: %s"
                                .formatted(
                                        task,
                                        learnt.tasks().stream()
                                                .map(earlier -> earlier.task().task())
                                                .toList())));
    }

    private static void requirePackable(Recipe recipe, TaskData data) {
        if (recipe.packing() && !data.objective().packable()) {
            throw new TessellateException(
                    ErrorCode.INVALID_RECIPE,
                    "packing is for generation, and %s is %s".formatted(data.task(), data.objective()));
        }
    }

    private static void requireHead(Recipe recipe, TaskData data) {
        if (recipe.features() != Features.TOKEN_AND_MEAN
                && data.objective().head().isEmpty()) {
            throw new TessellateException(
                    ErrorCode.INVALID_RECIPE,
                    "recipe field 'features' is %s, which says what a head reads, but %s is %s and has no head"
                            .formatted(
                                    recipe.features().name().toLowerCase(Locale.ROOT), data.task(), data.objective()));
        }
    }

    /** The recipe that it follows. */
    public Recipe recipe() {
        return recipe;
    }

    /** The run's random numbers. */
    public Seeds seeds() {
        return seeds;
    }

    /** What a phase learns from. */
    public PhaseData data(Phase phase) {
        return switch (phase) {
            case CALIBRATE -> calibrating;
            case TRANSFORM, TRAIN, RACE -> own;
        };
    }

    /** The head's values before training: the same in every phase that learns from the same task. */
    public Head initialHead(Phase phase) {
        return data(phase).head(recipe.features().width(config.hidden()), seeds);
    }

    private double epochs(Phase phase) {
        return switch (phase) {
            case CALIBRATE -> recipe.calibration().epochs();
            case TRAIN -> finalEpochs() * (1 - recipe.transformation().share());
            case TRANSFORM -> finalEpochs() * recipe.transformation().share();
            case RACE -> 0;
        };
    }

    private double finalEpochs() {
        return recipe.epochs(batchesPerEpoch(Phase.TRAIN));
    }

    /** The batches of a phase's own examples. */
    public BatchOrder order(Phase phase) {
        return order(phase, new int[0]);
    }

    /** The batches of a phase with examples of these lengths among its own: their positions follow those of the train split. */
    public BatchOrder order(Phase phase, int[] further) {
        return data(phase).order(phase, recipe, seeds, config.maxPositions(), further);
    }

    /** How many examples of earlier tasks are shuffled among a phase's own: a share of their number. */
    public int mixedExamples(Phase phase) {
        boolean mixes = recipe.replay().mixes() && remembers;
        int own = data(phase).examples().train().size();
        return mixes ? (int) Math.max(1, Math.round(recipe.replay().share() * own)) : 0;
    }

    private BatchOrder whole(Phase phase) {
        return order(phase, new int[mixedExamples(phase)]);
    }

    /** Steps of one pass over what a phase learns from. */
    public int batchesPerEpoch(Phase phase) {
        return whole(phase).batchesPerEpoch();
    }

    /** Steps of a phase, at least one. */
    public long steps(Phase phase) {
        return whole(phase).steps(epochs(phase));
    }

    /** The phases in which examples are looked at, a calibration also where it is a single gradient. */
    public List<Phase> phases() {
        return recipe.transformation().share() == 0
                ? List.of(Phase.CALIBRATE, Phase.TRAIN)
                : List.of(Phase.CALIBRATE, Phase.TRANSFORM, Phase.TRAIN);
    }

    /** Optimiser steps of all phases. */
    public long steps() {
        long transforming = recipe.transformation().share() == 0 ? 0 : steps(Phase.TRANSFORM);
        return calibrationSteps() + transforming + steps(Phase.TRAIN);
    }

    /** Steps that a calibration takes; a single gradient is none. */
    public long calibrationSteps() {
        return recipe.calibration().epochs() == 0 ? 0 : steps(Phase.CALIBRATE);
    }

    /** The batches that a phase goes through, made as they are asked for: there may be millions. A calibration looks at one at least. */
    public Stream<int[]> batches(Phase phase) {
        return batches(order(phase), batchCount(phase));
    }

    /** The examples of all of them, one that comes again counted again: every epoch goes over all there are. */
    public long inputs(Phase phase) {
        BatchOrder order = order(phase);
        long count = batchCount(phase);
        long whole = count / order.batchesPerEpoch();
        long rest = order.from(whole * order.batchesPerEpoch(), count).stream()
                .mapToLong(batch -> batch.length)
                .sum();
        return whole * data(phase).examples().train().size() + rest;
    }

    /** How many they are. */
    public long batchCount(Phase phase) {
        boolean single = phase == Phase.CALIBRATE && recipe.calibration().epochs() == 0;
        return single ? 1 : ownSteps(phase);
    }

    /**
     * Every batch of own examples in a phase, step by step, made as they are asked for. None in a calibration by a single gradient or on
     * another task.
     */
    public Stream<int[]> ownBatches(Phase phase) {
        boolean onAnother =
                phase == Phase.CALIBRATE && !recipe.calibration().maskFrom().isEmpty();
        return batches(order(phase), epochs(phase) == 0 || onAnother ? 0 : ownSteps(phase));
    }

    private long ownSteps(Phase phase) {
        return order(phase).steps(epochs(phase));
    }

    private static Stream<int[]> batches(BatchOrder order, long steps) {
        return LongStream.iterate(0, step -> step < steps, step -> step + order.batchesPerEpoch())
                .boxed()
                .flatMap(step -> order.from(step, steps).stream());
    }

    /** Whether a phase is watched for the right moment to stop; only what is kept can be trained too long. */
    public boolean validates(Phase phase) {
        return phase == Phase.TRAIN && !own.examples().held().isEmpty();
    }
}
