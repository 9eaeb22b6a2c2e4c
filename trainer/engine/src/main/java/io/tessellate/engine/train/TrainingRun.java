package io.tessellate.engine.train;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.checkpoint.ChosenMasks;
import io.tessellate.engine.train.checkpoint.PhaseSegment;
import io.tessellate.engine.train.entries.ElasticPenalty;
import io.tessellate.engine.train.entries.FrozenWeights;
import io.tessellate.engine.train.entries.Penalty;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.version.AdapterBuilder;
import io.tessellate.mask.adapter.Adapter;
import java.util.List;
import java.util.Optional;

/** One training from the parent's weights to the adapter. */
final class TrainingRun {
    private final RunContext run;
    private final Weights parent;
    private final Weights weights;
    private final Optional<Checkpoint> resumed;
    private final ChosenMasks choices;
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
        this.choices = new ChosenMasks(
                resumed.map(checkpoint -> checkpoint.past().choices()).orElse(List.of()));
        this.search = new MaskSearch(run, weights, choices, resumed);
        this.masks = new TaskMasks(run.job(), weights.layout(), search);
    }

    TrainingOutcome train() {
        PhaseTraining training = first();
        for (int part = 1; part <= run.recipe().refreshes() && !training.over(); part++) {
            training = next(part, training);
        }
        TrainedEntries covered =
                run.recipe().refreshes() == 0 ? training.entries() : run.entries(masks.covered(), parent);
        covered.keep(run.recipe().values(), weights.vector());
        FrozenWeights.requireUnchanged(parent, weights, covered);
        Adapter adapter = AdapterBuilder.build(
                run.job().metadata(), masks.covered(), weights, training.head(), training.factors());
        return new TrainingOutcome(adapter, steps(training), training.finalLoss(), overwritten(adapter));
    }

    private long steps(PhaseTraining training) {
        return search.steps() + (run.transformShare() == 0 ? 0 : run.steps(Phase.TRANSFORM)) + training.steps();
    }

    private long overwritten(Adapter adapter) {
        return adapter.mask(run.job().parent().owned().space())
                .intersectionSize(run.job().parent().owned());
    }

    private PhaseTraining first() {
        MaskPlan plan = masks.first();
        TrainedEntries entries = run.entries(plan, parent);
        Head head = run.transformShare() == 0 ? run.initialHead(Phase.TRAIN) : transformed(plan);
        PhaseTraining training = training(stretch(0), entries, new float[0], head);
        train(stretch(0), training);
        return training;
    }

    /** Trains all free weights towards the mask, unless that was done before the run was stopped; the head afterwards. */
    private Head transformed(MaskPlan plan) {
        SparseTransformation transformation = SparseTransformation.of(run, plan, parent, weights);
        Head head = run.initialHead(Phase.TRANSFORM);
        if (resumed.filter(checkpoint -> checkpoint.phase() == Phase.TRAIN).isPresent()) {
            return head;
        }
        PhaseSegment stretch = PhaseSegment.whole(Phase.TRANSFORM, 0, run.steps(Phase.TRANSFORM));
        Checkpoint.Past past = new Checkpoint.Past(choices.all(), new float[0]);
        PhaseTraining training = new PhaseTraining(run, stretch, transformation.entries(), past, weights, head);
        training.pulledBy(transformation.pull());
        train(stretch, training);
        transformation.remove();
        return training.head();
    }

    private Penalty elastic(TrainedEntries entries) {
        if (run.recipe().elasticity() == 0 || run.job().earlier().isEmpty()) {
            return Penalty.none();
        }
        float[] anchor = new float[entries.size()];
        entries.read(parent.vector(), anchor);
        return new ElasticPenalty(
                run.recipe().elasticity(), anchor, run.earlierFisher().of(entries));
    }

    /** Goes on with another mask: what was trained so far keeps its values, the optimiser begins anew. */
    private PhaseTraining next(int part, PhaseTraining earlier) {
        TrainedEntries covered = run.entries(masks.covered(), parent);
        PhaseSegment stretch = stretch(part);
        resumed.filter(stretch::holds)
                .ifPresent(checkpoint -> covered.assign(checkpoint.past().left(), weights.vector()));
        float[] left = new float[covered.size()];
        covered.read(weights.vector(), left);
        TrainedEntries entries = run.entries(masks.anew(earlier.head()), parent);
        PhaseTraining training = training(stretch, entries, left, earlier.head());
        training.follow(earlier);
        train(stretch, training);
        return training;
    }

    private void train(PhaseSegment stretch, PhaseTraining training) {
        if (resumed.filter(stretch::isBefore).isPresent()) {
            return;
        }
        resumed.filter(stretch::holds).ifPresent(training::resume);
        run.startPhase();
        training.train();
    }

    private PhaseTraining training(PhaseSegment stretch, TrainedEntries entries, float[] left, Head head) {
        Checkpoint.Past past = new Checkpoint.Past(choices.all(), left);
        PhaseTraining training = new PhaseTraining(run, stretch, entries, past, weights, head);
        training.pulledBy(elastic(entries));
        return training;
    }

    private PhaseSegment stretch(int part) {
        return PhaseSegment.of(Phase.TRAIN, part, 1 + run.recipe().refreshes(), run.steps(Phase.TRAIN));
    }
}
