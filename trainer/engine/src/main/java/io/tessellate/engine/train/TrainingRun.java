package io.tessellate.engine.train;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.Weights;
import io.tessellate.mask.adapter.Adapter;
import java.util.List;
import java.util.Optional;

/** One training from the parent's weights to the adapter. */
final class TrainingRun {
    private final RunContext run;
    private final Weights parent;
    private final Weights weights;
    private final Optional<Checkpoint> resumed;
    private final Choices choices;
    private final MaskSearch search;
    private final TaskMasks masks;

    /**
     * A run about to start.
     *
     * @param parent the parent's union view; must not change meanwhile
     * @param weights a copy of it, to be trained
     */
    TrainingRun(RunContext run, Weights parent, Weights weights, Optional<Checkpoint> resumed) {
        this.run = run;
        this.parent = parent;
        this.weights = weights;
        this.resumed = resumed;
        this.choices = new Choices(
                resumed.map(checkpoint -> checkpoint.past().choices()).orElse(List.of()));
        this.search = new MaskSearch(run, weights, choices, resumed);
        this.masks = new TaskMasks(run.job(), weights.layout(), search);
    }

    TrainingOutcome train() {
        PhaseTraining training = first();
        for (int part = 1; part <= run.recipe().refreshes() && !training.over(); part++) {
            training = next(part, training);
        }
        FrozenWeights.requireUnchanged(parent, weights, entries(masks.covered()));
        Adapter adapter = AdapterBuilder.build(run.job(), masks.covered(), weights, training.head());
        return new TrainingOutcome(
                adapter, search.steps() + training.steps(), training.finalLoss(), overwritten(adapter));
    }

    private long overwritten(Adapter adapter) {
        return adapter.mask(run.job().parent().owned().space())
                .intersectionSize(run.job().parent().owned());
    }

    private PhaseTraining first() {
        TrainedEntries entries = entries(masks.first());
        PhaseTraining training = training(stretch(0), entries, new float[0], run.initialHead(Phase.TRAIN));
        train(stretch(0), training);
        return training;
    }

    /** Goes on with another mask: what was trained so far keeps its values, the optimiser begins anew. */
    private PhaseTraining next(int part, PhaseTraining earlier) {
        TrainedEntries covered = entries(masks.covered());
        Stretch stretch = stretch(part);
        resumed.filter(stretch::holds)
                .ifPresent(checkpoint -> covered.assign(checkpoint.past().left(), weights.vector()));
        float[] left = new float[covered.size()];
        covered.read(weights.vector(), left);
        TrainedEntries entries = entries(masks.anew(earlier.head()));
        PhaseTraining training = training(stretch, entries, left, earlier.head());
        training.follow(earlier);
        train(stretch, training);
        return training;
    }

    private void train(Stretch stretch, PhaseTraining training) {
        if (resumed.filter(stretch::isBefore).isPresent()) {
            return;
        }
        resumed.filter(stretch::holds).ifPresent(training::resume);
        run.startPhase();
        training.train();
    }

    private PhaseTraining training(Stretch stretch, TrainedEntries entries, float[] left, Head head) {
        return new PhaseTraining(run, stretch, entries, new Checkpoint.Past(choices.all(), left), weights, head);
    }

    private Stretch stretch(int part) {
        return Stretch.of(Phase.TRAIN, part, 1 + run.recipe().refreshes(), run.steps(Phase.TRAIN));
    }

    private TrainedEntries entries(MaskPlan plan) {
        return TrainedEntries.of(plan, weights.layout());
    }
}
