package io.tessellate.engine.train;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.ValueUnits;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.checkpoint.ChosenMasks;
import io.tessellate.engine.train.checkpoint.PhaseSegment;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.entries.ElasticPenalty;
import io.tessellate.engine.train.entries.FrozenWeights;
import io.tessellate.engine.train.entries.LowRank;
import io.tessellate.engine.train.entries.Penalty;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.gradient.GradientSources;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.engine.version.AdapterBuilder;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import java.util.List;
import java.util.Optional;

/** One training from the parent's weights to the adapter. */
final class TrainingRun {
    private final TrainingJob job;
    private final Recipe recipe;
    private final Curriculum curriculum;
    private final GradientSources gradients;
    private final TrainingLoop loop;
    private final Weights parent;
    private final Weights weights;
    private final ChosenMasks choices;
    private final MaskSearch search;
    private final TaskMasks masks;

    /**
     * A run about to start.
     *
     * @param loop moves a copy of the parent's weights
     * @param parent the parent's union view; must not change meanwhile
     */
    TrainingRun(TrainingJob job, Curriculum curriculum, GradientSources gradients, TrainingLoop loop, Weights parent) {
        this.job = job;
        this.recipe = job.recipe();
        this.curriculum = curriculum;
        this.gradients = gradients;
        this.loop = loop;
        this.parent = parent;
        this.weights = loop.weights();
        this.choices = new ChosenMasks(
                loop.resumed().map(checkpoint -> checkpoint.past().choices()).orElse(List.of()));
        this.search = new MaskSearch(curriculum, gradients, loop, choices);
        this.masks = new TaskMasks(job, weights.layout(), search);
    }

    /**
     * Trains it to the end.
     *
     * @param units those of the task's values, in which its head shall give them
     */
    TrainingOutcome train(ValueUnits units) {
        PhaseTraining training = first();
        for (int part = 1; part <= recipe.refreshes() && !training.over(); part++) {
            training = next(part, training);
        }
        TrainedEntries covered = recipe.refreshes() == 0 ? training.entries() : entries(masks.covered());
        covered.keep(recipe.values(), weights.vector());
        FrozenWeights.requireUnchanged(parent, weights, covered);
        Adapter adapter = AdapterBuilder.build(
                units.in(job.metadata()), masks.covered(), weights, units.own(training.head()), training.factors());
        return new TrainingOutcome(
                adapter, steps(training), training.finalLoss(), overwritten(adapter), recipe, Optional.empty());
    }

    /** The first mask, and nothing is trained with it. */
    MaskPlan mask() {
        return masks.first();
    }

    /** Steps that finding masks came to so far. */
    long searched() {
        return search.steps();
    }

    /** Trains with the first mask alone; nothing is checked, kept or made an adapter of. */
    PhaseTraining trial() {
        return first();
    }

    private long steps(PhaseTraining training) {
        long transforming = recipe.transformation().share() == 0 ? 0 : curriculum.steps(Phase.TRANSFORM);
        return search.steps() + transforming + training.steps();
    }

    private long overwritten(Adapter adapter) {
        Mask owned = job.parent().owned();
        return adapter.mask(owned.space()).intersectionSize(owned);
    }

    private PhaseTraining first() {
        MaskPlan plan = masks.first();
        TrainedEntries entries = entries(plan);
        Head head = recipe.transformation().share() == 0 ? curriculum.initialHead(Phase.TRAIN) : transformed(plan);
        PhaseTraining training = training(segment(0), entries, head, FloatBlocks.none());
        loop.train(training);
        return training;
    }

    /** What a plan trains, from the parent's weights on. */
    private TrainedEntries entries(MaskPlan plan) {
        if (plan instanceof MaskPlan.LowRank lowRank) {
            double scale = recipe.factors().scale();
            return LowRank.of(
                    lowRank.matrices(), lowRank.start(), recipe.factors().rank(), scale, parent, curriculum.seeds());
        }
        return TrainedEntries.of(plan, parent.layout());
    }

    /** Trains all free weights towards the mask, unless that was done before the run was stopped; the head afterwards. */
    private Head transformed(MaskPlan plan) {
        SparseTransformation transformation = SparseTransformation.of(job, plan, parent, weights);
        Head head = curriculum.initialHead(Phase.TRANSFORM);
        if (loop.resumed()
                .filter(checkpoint -> checkpoint.phase() == Phase.TRAIN)
                .isPresent()) {
            return head;
        }
        PhaseSegment segment = PhaseSegment.whole(Phase.TRANSFORM, 0, curriculum.steps(Phase.TRANSFORM));
        PhaseTraining training = loop.phase(
                segment, transformation.entries(), head, new Checkpoint.Past(choices.all(), FloatBlocks.none()));
        training.penalisedBy(transformation.penalty(segment.steps()));
        loop.train(training);
        transformation.remove();
        return training.head();
    }

    private Penalty elastic(TrainedEntries entries) {
        if (recipe.elasticity() == 0 || job.learnt().remembered().isEmpty()) {
            return Penalty.none();
        }
        return new ElasticPenalty(
                recipe.elasticity(),
                entries.read(parent.vector()),
                gradients.earlierFisher().of(entries));
    }

    /** Goes on with another mask: what was trained so far keeps its values, the optimiser begins anew. */
    private PhaseTraining next(int part, PhaseTraining earlier) {
        TrainedEntries covered = entries(masks.covered());
        PhaseSegment segment = segment(part);
        loop.resumed()
                .filter(segment::holds)
                .ifPresent(checkpoint -> covered.assign(checkpoint.past().left(), weights.vector()));
        FloatBlocks left = covered.read(weights.vector());
        TrainedEntries entries = entries(masks.anew(earlier.head()));
        PhaseTraining training = training(segment, entries, earlier.head(), left);
        training.follow(earlier);
        loop.train(training);
        return training;
    }

    private PhaseTraining training(PhaseSegment segment, TrainedEntries entries, Head head, FloatBlocks left) {
        PhaseTraining training = loop.phase(segment, entries, head, new Checkpoint.Past(choices.all(), left));
        training.penalisedBy(elastic(entries));
        return training;
    }

    private PhaseSegment segment(int part) {
        return PhaseSegment.of(Phase.TRAIN, part, 1 + recipe.refreshes(), curriculum.steps(Phase.TRAIN));
    }
}
