package io.tessellate.engine.train;

import io.tessellate.engine.method.Avoidance;
import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.PlanRequest;
import io.tessellate.engine.method.Salience;
import io.tessellate.engine.method.Selection;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.CalibrationScope;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.checkpoint.ChosenMasks;
import io.tessellate.engine.train.checkpoint.PhaseSegment;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.entries.EntryScores;
import io.tessellate.engine.train.entries.HeldValues;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.gradient.GradientSources;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import io.tessellate.mask.Scores;
import io.tessellate.method.Trait;
import java.util.Optional;
import java.util.SplittableRandom;

/** Finds masks for a run by trial or by scores, at the values that its weights have; afterwards they have them again. */
final class MaskSearch implements Calibration {
    private final Curriculum curriculum;
    private final GradientSources gradients;
    private final TrainingLoop loop;
    private final ChosenMasks choices;
    private Optional<Head> trained = Optional.empty();
    private int masks;
    private int trials;
    private long steps;

    MaskSearch(Curriculum curriculum, GradientSources gradients, TrainingLoop loop, ChosenMasks choices) {
        this.curriculum = curriculum;
        this.gradients = gradients;
        this.loop = loop;
        this.choices = choices;
    }

    /** From now on searches for another mask in the middle of the training that has brought the head so far. */
    void midway(Head head) {
        trained = Optional.of(head);
        masks++;
    }

    /** Steps that all searches so far came to. */
    long steps() {
        return steps;
    }

    @Override
    public Mask largestChange(Selection selection) {
        if (trained.isPresent()) {
            return mostSalient(Salience.GRADIENT, selection);
        }
        if (curriculum.calibrationSteps() == 0) {
            return choices.next(() -> changed(selection, firstGradient(selection.candidates())));
        }
        steps += curriculum.calibrationSteps();
        int trial = trials++;
        return choices.next(() -> changed(selection, change(trial, selection)));
    }

    @Override
    public Mask mostSalient(Salience salience, Selection selection) {
        steps += salience.looksAtData() ? curriculum.calibrationSteps() : 0;
        return choices.next(() -> {
            loop.startPhase();
            TrainedEntries entries = entries(selection.candidates());
            FloatBlocks scores = gradients.salience(salience, entries, loop.weights(), head());
            return selection.highest(new EntryScores(selection.candidates(), scores));
        });
    }

    /** The candidates that are left out because they matter most to earlier tasks. */
    Mask avoided(PlanRequest request, Mask candidates) {
        return candidates.minus(
                leastHarmful(request.sparing(candidates, curriculum.recipe().avoidShare())));
    }

    /** What of a mask is left without those of its weights that matter most to earlier tasks. */
    Mask spared(PlanRequest request, Mask mask) {
        return leastHarmful(request.remainder(mask, curriculum.recipe().avoidShare()));
    }

    private Mask leastHarmful(Selection sparing) {
        Mask candidates = sparing.candidates();
        if (curriculum.recipe().avoid() == Avoidance.NONE
                || gradients.learnt().remembered().isEmpty()
                || sparing.isAll()) {
            return candidates;
        }
        return choices.next(() -> {
            loop.startPhase();
            return sparing.lowest(new EntryScores(candidates, harm(candidates)));
        });
    }

    private FloatBlocks harm(Mask candidates) {
        TrainedEntries entries = entries(candidates);
        return switch (curriculum.recipe().avoid()) {
            case NONE -> FloatBlocks.zeros(entries.blocks());
            case FISHER -> gradients.earlierFisher().relative(entries);
            case CONFLICT -> gradients.conflict(entries, loop.weights(), head());
        };
    }

    @Override
    public SplittableRandom random() {
        String purpose = masks == 0 ? "mask" : "mask/" + masks;
        return new SplittableRandom(curriculum.seeds().of(purpose).nextLong());
    }

    private Head head() {
        return trained.orElseGet(() -> curriculum.initialHead(Phase.CALIBRATE));
    }

    /** Trains on trial, puts all values back and says how far the candidates were moved. */
    private FloatBlocks change(int part, Selection selection) {
        TrainedEntries candidates = entries(selection.candidates());
        FloatBlocks before = candidates.read(loop.weights().vector());
        PhaseSegment segment = PhaseSegment.whole(Phase.CALIBRATE, part, curriculum.calibrationSteps());
        if (segment.isFirstTrial() && curriculum.recipe().calibration().scope() == CalibrationScope.ALL) {
            return changeAmongAll(segment, selection, candidates, before);
        }
        loop.train(phase(segment, candidates));
        FloatBlocks change = change(candidates, before);
        candidates.assign(before, loop.weights().vector());
        return change;
    }

    /** Everything moves that earlier tasks do not keep. */
    private FloatBlocks changeAmongAll(
            PhaseSegment segment, Selection selection, TrainedEntries candidates, FloatBlocks before) {
        Weights weights = loop.weights();
        TrainedEntries all = new TrainedEntries.All(weights.layout());
        FloatBlocks beforeOfAll = all.read(weights.vector());
        PhaseTraining training = phase(segment, all);
        if (!curriculum.recipe().methodName().has(Trait.MAY_OVERLAP)) {
            Mask kept = selection.request().weights().owned();
            training.penalisedBy(HeldValues.at(weights.layout().places(kept), all, beforeOfAll));
        }
        loop.train(training);
        FloatBlocks change = change(candidates, before);
        all.assign(beforeOfAll, weights.vector());
        return change;
    }

    private FloatBlocks change(TrainedEntries entries, FloatBlocks before) {
        FloatBlocks change = entries.read(loop.weights().vector());
        for (int b = 0; b < change.count(); b++) {
            float[] block = change.block(b);
            for (int n = 0; n < block.length; n++) {
                block[n] = Math.abs(block[n] - before.block(b)[n]);
            }
        }
        return change;
    }

    private PhaseTraining phase(PhaseSegment segment, TrainedEntries entries) {
        return loop.phase(segment, entries, head(), new Checkpoint.Past(choices.all(), FloatBlocks.none()));
    }

    private FloatBlocks firstGradient(Mask candidates) {
        FloatBlocks gradient = gradients.first(entries(candidates), loop.weights(), head());
        for (float[] block : gradient.all()) {
            for (int n = 0; n < block.length; n++) {
                block[n] = Math.abs(block[n]);
            }
        }
        return gradient;
    }

    /** With fewer changed weights than wanted the rest would be chosen by position: noise that looks like a mask. */
    private static Mask changed(Selection selection, FloatBlocks change) {
        Scores scores = new EntryScores(selection.candidates(), change);
        Mask mask = selection.highest(scores);
        long[] unchanged = {0};
        for (int t = 0; t < mask.space().tensorCount(); t++) {
            int tensor = t;
            mask.forEach(t, index -> unchanged[0] += scores.at(tensor, index) == 0 ? 1 : 0);
        }
        if (unchanged[0] > 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_RECIPE,
                    "calibration changed only %d of the %d weights that the density asks for: calibrate longer or lower the density"
                            .formatted(mask.cardinality() - unchanged[0], mask.cardinality()));
        }
        return mask;
    }

    private TrainedEntries entries(Mask mask) {
        return TrainedEntries.of(MaskPlan.Entries.of(mask), loop.weights().layout());
    }
}
