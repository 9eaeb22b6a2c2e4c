package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.forecast.MaskForecast;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.objective.ValueUnits;
import io.tessellate.engine.plan.LargestRecipe;
import io.tessellate.engine.plan.MemoryBudget;
import io.tessellate.engine.plan.MemoryPlan;
import io.tessellate.engine.plan.MemoryPlanner;
import io.tessellate.engine.plan.PlannedModel;
import io.tessellate.engine.race.RatePrior;
import io.tessellate.engine.recipe.CalibrationRecipe;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.gradient.GradientSources;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.recipe.RaceResult;
import java.util.List;

/**
 * Trains tasks. The same job gives the same adapter, bit for bit, on one kind of machine, whether or not it was stopped and
 * resumed on the way.
 */
public final class Trainer {
    private final Backend backend;
    private final MemoryBudget budget;

    /** A trainer that computes on this backend and may take all the memory that there is. */
    public Trainer(Backend backend) {
        this(backend, MemoryBudget.ofMachine());
    }

    /** A trainer that computes on this backend, with memory that others may take from as well. */
    public Trainer(Backend backend, MemoryBudget budget) {
        this.backend = backend;
        this.budget = budget;
    }

    /**
     * Trains a job to its adapter; first runs the race for what its recipe leaves open, and then trains as with a recipe that
     * names the winner. Fails with DIVERGED when a loss or gradient is not finite, or if that is so of every candidate of the
     * race, with INTERRUPTED when cancelled, with CAPACITY or OVERLAP when the mask does not fit, and with
     * FROZEN_WEIGHT_CHANGED when a weight moved that was not the task's. The last checkpoint stays until the caller deletes it.
     *
     * <p>Before anything else its memory is planned: NOT_ENOUGH_MEMORY if there is less, retriable MEMORY_IN_USE if less is
     * free. A recipe that leaves the micro batch open gets the largest that fits, if its batch does not; the adapter names it.
     */
    public TrainingOutcome train(TrainingJob job, TrainingControl control) {
        Recipe recipe = job.recipe();
        MemoryPlanner planner = planner(job, backend);
        String run = "run %s of %s".formatted(job.run(), job.data().task());
        long parent = job.parent().views().union().bytes().vectors();
        try (MemoryBudget.Admission admitted =
                budget.admit(run, backend, planner::plan, recipe.batchSize(), recipe.microBatch(), parent)) {
            TrainingJob standard =
                    job.inStandardUnits().inMicroBatches(admitted.plan().microBatch());
            return admitted(standard, job.data().units(), control);
        }
    }

    /**
     * Finds out which weights a training of the job would choose, and what they mean to earlier tasks; trains nothing, and changes no
     * weight for good. Calibrates as the training would, on some of its examples, and once more as if nothing were owned.
     *
     * <p>With all examples, and a race for the learning rate alone or none, it is the mask that {@link #train} begins with.
     *
     * @param job what would be trained; with the tasks that its recipe looks back at
     * @param all every task of the parent whose data can be read, to be held against
     * @param share of the train split that is looked at, above 0 and up to 1, evenly over its order
     */
    public MaskForecast forecast(TrainingJob job, List<EarlierTask> all, double share, TrainingControl control) {
        return new ForecastRun(backend, budget, control).of(job, all, share);
    }

    /** How much memory a job would take, with the micro batch that its recipe names. */
    public MemoryPlan plan(TrainingJob job) {
        return planner(job, backend).plan(job.recipe().microBatch());
    }

    static MemoryPlanner planner(TrainingJob job, Backend backend) {
        Recipe recipe = LargestRecipe.of(job.recipe());
        Weights union = job.parent().views().union();
        PlannedModel model = new PlannedModel(
                job.parent().config(),
                union.layout(),
                union.bytes(),
                job.parent().owned().cardinality(),
                union.layout()
                        .weights(recipe.targets()::contains)
                        .intersectionSize(job.parent().owned()),
                job.data().labels());
        Curriculum curriculum = Curriculum.of(recipe, job.data(), job.learnt());
        return RunMemory.planner(curriculum, job.recipe().raced(), model, job.earlier(), backend);
    }

    private TrainingOutcome admitted(TrainingJob job, ValueUnits units, TrainingControl control) {
        Backend seen = job.recipe().precision().of(backend);
        try (ModelPasses passes =
                new ModelPasses(seen, job.parent().config(), job.recipe().kept())) {
            if (job.recipe().raced().isEmpty()) {
                return train(calibrated(job), units, control, seen, passes);
            }
            RecipeRace race = new RecipeRace(job, control, passes, seen);
            RaceResult result = race.run();
            return train(calibrated(race.settled(result)), units, control, seen, passes)
                    .after(result);
        }
    }

    /** A calibration is full fine-tuning, and goes at its rate unless it has one of its own. */
    static TrainingJob calibrated(TrainingJob job) {
        Curriculum curriculum = Curriculum.of(job.recipe(), job.data(), job.learnt());
        int hidden = job.parent().config().hidden();
        double rate = RatePrior.ofFull(job.recipe(), hidden, Math.max(1, curriculum.calibrationSteps()));
        return job.with(CalibrationRecipe.settled(job.recipe(), rate));
    }

    private static TrainingOutcome train(
            TrainingJob job, ValueUnits units, TrainingControl control, Backend backend, ModelPasses passes) {
        Curriculum curriculum = Curriculum.of(job.recipe(), job.data(), job.learnt());
        TrainingWatch watch = new TrainingWatch(job, job.digest(backend), control);
        GradientSources gradients = new GradientSources(curriculum, job.learnt(), passes, backend, watch::stopIfAsked);
        Weights parent = job.parent().views().union();
        try (Weights weights = parent.copy()) {
            var loop = new TrainingLoop(job.recipe(), gradients, watch, weights, watch.resumed());
            return new TrainingRun(job, curriculum, gradients, loop, parent).train(units);
        }
    }
}
