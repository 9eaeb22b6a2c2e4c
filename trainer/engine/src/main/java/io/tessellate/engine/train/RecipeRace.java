package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.race.Race;
import io.tessellate.engine.race.RatePrior;
import io.tessellate.engine.race.RecordedTrials;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.recipe.RaceResult;
import io.tessellate.recipe.RecipeField;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The race for what a job's recipe leaves open. */
final class RecipeRace {
    private static final Logger LOG = LoggerFactory.getLogger(RecipeRace.class);

    private final TrainingJob job;
    private final TrainingControl control;
    private final ModelPasses passes;
    private final Backend backend;
    private final SortedMap<String, Double> prior;
    private final TrainingJob begun;

    /** A race about to start. */
    RecipeRace(TrainingJob job, TrainingControl control, ModelPasses passes, Backend backend) {
        this.job = job;
        this.control = control;
        this.passes = passes;
        this.backend = backend;
        this.prior = prior(job);
        this.begun = settled(job, prior);
    }

    /** What the race begins from, for each field that is left to it. */
    static SortedMap<String, Double> prior(TrainingJob job) {
        Recipe recipe = job.recipe();
        SortedMap<String, Double> prior = new TreeMap<>();
        for (RecipeField field : recipe.raced()) {
            prior.put(field.text(), field.grid().orElseThrow().prior());
        }
        double density = prior.getOrDefault(RecipeField.DENSITY.text(), recipe.density());
        SortedMap<String, Double> others = new TreeMap<>(prior);
        others.remove(RecipeField.LEARNING_RATE.text());
        TrainingJob begun = settled(job, others);
        long steps = Curriculum.of(begun.recipe(), begun.data(), begun.learnt()).steps(Phase.TRAIN);
        prior.computeIfPresent(
                RecipeField.LEARNING_RATE.text(),
                (field, open) ->
                        RatePrior.of(begun.recipe(), job.parent().config().hidden(), density, steps));
        return prior;
    }

    /** The job with these values named. */
    static TrainingJob settled(TrainingJob job, SortedMap<String, Double> values) {
        Recipe chosen = job.recipe();
        for (Map.Entry<String, Double> value : values.entrySet()) {
            chosen = chosen.with(value.getKey(), value.getValue());
        }
        return job.with(chosen);
    }

    /** Runs it, or goes on with it; DIVERGED if every candidate diverged. */
    RaceResult run() {
        Curriculum curriculum = Curriculum.of(begun.recipe(), begun.data(), begun.learnt());
        double budget = job.recipe().raceBudget() * curriculum.steps();
        if (!Race.hasRoom(job.recipe().raced(), budget)) {
            return Race.none(prior, curriculum.steps(), budget);
        }
        var watch = new RaceWatch(job, backend, control, budget);
        var trials = new RecordedTrials(
                new RaceTrials(begun, passes, backend, watch),
                control.checkpoints().race(),
                job.digest(backend));
        watch.resume(trials.steps());
        RaceResult result = new Race(job.recipe().raced(), prior, curriculum.steps(), budget, trials).run();
        LOG.info("race of {}: {}; {}", job.data().task(), result.text(), result.candidates());
        return result;
    }

    /** The job with the winner's values named. */
    TrainingJob settled(RaceResult result) {
        return settled(job, result.chosen());
    }
}
