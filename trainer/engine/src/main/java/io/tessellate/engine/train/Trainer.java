package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.race.Race;
import io.tessellate.engine.race.RatePrior;
import io.tessellate.engine.race.RecordedTrials;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.gradient.GradientSources;
import io.tessellate.engine.train.replay.Replay;
import io.tessellate.recipe.RaceResult;
import io.tessellate.recipe.RecipeField;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Trains tasks. The same job gives the same adapter, bit for bit, on one kind of machine, whether or not it was stopped and
 * resumed on the way.
 */
public final class Trainer {
    private final Backend backend;

    /** A trainer that computes on this backend. */
    public Trainer(Backend backend) {
        this.backend = backend;
    }

    /**
     * Trains a job to its adapter; first runs the race for what its recipe leaves open, and then trains as with a recipe that
     * names the winner. Fails with DIVERGED when a loss or gradient is not finite, or if that is so of every candidate of the
     * race, with INTERRUPTED when cancelled, with CAPACITY or OVERLAP when the mask does not fit, and with
     * FROZEN_WEIGHT_CHANGED when a weight moved that was not the task's. The last checkpoint stays until the caller deletes it.
     */
    public TrainingOutcome train(TrainingJob job, TrainingControl control) {
        try (ModelPasses passes =
                new ModelPasses(backend, job.parent().config(), job.recipe().kept())) {
            if (job.recipe().raced().isEmpty()) {
                return train(job, control, passes, Replay.of(job.recipe(), job.learnt(), passes));
            }
            Prepared prepared = new Prepared(job, control, passes);
            RaceResult race = prepared.race();
            return train(job.with(chosen(job.recipe(), race.chosen())), control, passes, prepared.replay)
                    .after(race);
        }
    }

    private TrainingOutcome train(TrainingJob job, TrainingControl control, ModelPasses passes, Replay replay) {
        Curriculum curriculum = Curriculum.of(job.recipe(), job.data(), job.learnt());
        TrainingWatch watch = new TrainingWatch(job, job.digest(backend), control);
        GradientSources gradients =
                new GradientSources(curriculum, job.learnt(), passes, backend, watch::stopIfAsked, replay);
        Weights parent = job.parent().views().union();
        try (Weights weights = parent.copy()) {
            var loop = new TrainingLoop(job.recipe(), gradients, watch, weights, watch.resumed());
            return new TrainingRun(job, curriculum, gradients, loop, parent).train();
        }
    }

    private static Recipe chosen(Recipe recipe, SortedMap<String, Double> values) {
        Recipe chosen = recipe;
        for (Map.Entry<String, Double> value : values.entrySet()) {
            chosen = chosen.with(value.getKey(), value.getValue());
        }
        return chosen;
    }

    /** A race with what it shares with the training that follows: what the earlier tasks' views say about their memories. */
    private final class Prepared {
        private final TrainingJob job;
        private final TrainingControl control;
        private final ModelPasses passes;
        private final SortedMap<String, Double> prior;
        private final TrainingJob begun;
        private final Replay replay;

        Prepared(TrainingJob job, TrainingControl control, ModelPasses passes) {
            this.job = job;
            this.control = control;
            this.passes = passes;
            this.prior = prior(job);
            this.begun = job.with(chosen(job.recipe(), prior));
            this.replay = Replay.of(begun.recipe(), job.learnt(), passes);
        }

        RaceResult race() {
            Curriculum curriculum = Curriculum.of(begun.recipe(), begun.data(), begun.learnt());
            double budget = job.recipe().raceBudget() * curriculum.steps();
            var watch = new RaceWatch(job, backend, control, budget);
            Optional<Replay> memories =
                    begun.recipe().replayShare() == 0 ? Optional.empty() : Optional.of(replay);
            var trials = new RecordedTrials(
                    new RaceTrials(begun, passes, backend, watch, memories),
                    control.checkpoints().race(),
                    job.digest(backend));
            watch.resume(trials.steps());
            return new Race(job.recipe().raced(), prior, curriculum.steps(), budget, trials).run();
        }
    }

    private static SortedMap<String, Double> prior(TrainingJob job) {
        Recipe recipe = job.recipe();
        SortedMap<String, Double> prior = new TreeMap<>();
        for (RecipeField field : recipe.raced()) {
            prior.put(field.text(), field.grid().orElseThrow().prior());
        }
        double density = prior.getOrDefault(RecipeField.DENSITY.text(), recipe.density());
        prior.computeIfPresent(
                RecipeField.LEARNING_RATE.text(),
                (field, open) -> RatePrior.of(recipe, job.parent().config().hidden(), density));
        return prior;
    }
}
