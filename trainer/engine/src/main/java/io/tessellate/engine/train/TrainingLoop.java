package io.tessellate.engine.train;

import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.CalibrationRecipe;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.checkpoint.PhaseSegment;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.gradient.GradientSources;
import java.util.Optional;

/** Trains the phases of one run, which all move the same weights and are watched, and goes on where a checkpoint was written. */
final class TrainingLoop {
    private final Recipe recipe;
    private final GradientSources gradients;
    private final PhaseWatch watch;
    private final Weights weights;
    private final Optional<Checkpoint> resumed;

    /**
     * The loop of a run.
     *
     * @param weights to be trained
     * @param resumed where the run goes on, if it was stopped before
     */
    TrainingLoop(
            Recipe recipe, GradientSources gradients, PhaseWatch watch, Weights weights, Optional<Checkpoint> resumed) {
        requireClosed(recipe);
        this.recipe = recipe;
        this.gradients = gradients;
        this.watch = watch;
        this.weights = weights;
        this.resumed = resumed;
    }

    /** Where a field is left open, its accessor says where a race begins: trained with, that would be a silent guess. */
    private static void requireClosed(Recipe recipe) {
        if (!recipe.raced().isEmpty()) {
            throw new IllegalStateException("a recipe is trained with after its race: " + recipe.raced());
        }
    }

    /** A segment of a phase that trains some entries and a head, both as they are now. */
    PhaseTraining phase(PhaseSegment segment, TrainedEntries entries, Head head, Checkpoint.Past past) {
        Recipe followed = segment.isFirstTrial() ? CalibrationRecipe.trial(recipe) : recipe;
        PhaseTraining training = new PhaseTraining(
                followed,
                segment,
                TrainedValues.of(followed, entries, weights, head),
                gradients.phase(segment.phase(), entries, weights, head),
                watch);
        training.after(past);
        return training;
    }

    /** Trains a segment from where it was stopped; not at all if a later one of its phase was reached. */
    void train(PhaseTraining training) {
        PhaseSegment segment = training.segment();
        if (resumed.filter(segment::isBefore).isPresent()) {
            return;
        }
        resumed.filter(segment::holds).ifPresent(training::resume);
        weights.own(training.entries().tensors());
        watch.startPhase();
        training.train();
    }

    /** Where the run goes on, if it was stopped before. */
    Optional<Checkpoint> resumed() {
        return resumed;
    }

    /** Something begins that reports no steps. */
    void startPhase() {
        watch.startPhase();
    }

    /** What is trained. */
    Weights weights() {
        return weights;
    }
}
