package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.gradient.GradientSources;
import io.tessellate.engine.train.replay.Replay;
import io.tessellate.recipe.RaceResult;

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
        Backend seen = job.recipe().precision().of(backend);
        try (ModelPasses passes =
                new ModelPasses(seen, job.parent().config(), job.recipe().kept())) {
            if (job.recipe().raced().isEmpty()) {
                return train(job, control, seen, passes, Replay.of(job.recipe(), job.learnt(), passes));
            }
            RecipeRace race = new RecipeRace(job, control, passes, seen);
            RaceResult result = race.run();
            return train(race.settled(result), control, seen, passes, race.memories())
                    .after(result);
        }
    }

    private static TrainingOutcome train(
            TrainingJob job, TrainingControl control, Backend backend, ModelPasses passes, Replay replay) {
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
}
