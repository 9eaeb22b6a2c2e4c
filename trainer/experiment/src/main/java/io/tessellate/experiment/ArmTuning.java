package io.tessellate.experiment;

import io.tessellate.experiment.plan.Arm;
import io.tessellate.experiment.plan.Job.Choice;
import io.tessellate.experiment.plan.MergePlan;
import io.tessellate.experiment.plan.TuningMean;
import io.tessellate.experiment.result.RunOutcome;
import io.tessellate.experiment.result.Tuned;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/**
 * Tunes an arm by trials on held-out parts of train: the learning rate, then the strength of a pull if it lists several, and where tasks are
 * merged the scale and the share that is kept. Rates are judged by the mean score right after learning, the others by the mean score of
 * the last model; a bracket whose edge wins is extended.
 */
final class ArmTuning {
    private final Arm arm;
    private final TuningMean mean;
    private final Trials trials;
    private final Runnable extending;
    private final List<Tuned> tuned = new ArrayList<>();

    /** Tries a choice. */
    interface Trials {
        /** What came out, tuning seed by tuning seed. */
        List<RunOutcome> of(Arm arm, Choice choice);
    }

    /**
     * The tuning of an arm.
     *
     * @param mean of a trial's scores, by which values are compared
     * @param extending is told before a value beyond a bracket is tried
     */
    ArmTuning(Arm arm, TuningMean mean, Trials trials, Runnable extending) {
        this.arm = arm;
        this.mean = mean;
        this.trials = trials;
        this.extending = extending;
    }

    /** The arm with what was chosen. */
    TunedArm run() {
        Choice choice = arm.firstChoice();
        if (arm.learningRates().size() > 1) {
            Choice first = choice;
            Tuned rates = tuner("lr", first::at, RunOutcome::learntScores).best(arm.learningRates());
            tuned.add(rates);
            choice = choice.at(rates.winner());
        }
        if (arm.strengths().size() > 1) {
            Choice rated = choice;
            Tuned strengths = byFinalScores("strength", rated::pulledBy).best(arm.strengths());
            tuned.add(strengths);
            choice = choice.pulledBy(strengths.winner());
        }
        MergePlan merge = arm.merge();
        return new TunedArm(arm, merge == null ? choice : merged(merge, choice), tuned);
    }

    /** Scales are tuned for every share that is kept, each by itself: a search in two dimensions. */
    private Choice merged(MergePlan merge, Choice choice) {
        if (merge.scales().size() == 1 && merge.keeps().size() <= 1) {
            return choice;
        }
        if (merge.scales().size() == 1) {
            Tuned keeps = byFinalScores("keep", value -> choice.merged(choice.scale(), value))
                    .among(merge.keeps());
            tuned.add(keeps);
            return choice.merged(choice.scale(), keeps.winner());
        }
        Choice best = choice;
        double most = Double.NEGATIVE_INFINITY;
        for (Double keep : merge.keeps().isEmpty() ? Collections.singletonList((Double) null) : merge.keeps()) {
            Tuner tuner = byFinalScores(
                    keep == null ? "scale" : "scale at keep " + keep, value -> choice.merged(value, keep));
            Tuned scales = tuner.best(merge.scales());
            tuned.add(scales);
            if (tuner.bestMean() > most) {
                most = tuner.bestMean();
                best = choice.merged(scales.winner(), keep);
            }
        }
        return best;
    }

    private Tuner byFinalScores(String what, DoubleFunction<Choice> choice) {
        return tuner(what, choice, RunOutcome::finalScores);
    }

    private Tuner tuner(String what, DoubleFunction<Choice> choice, Function<RunOutcome, List<Double>> scores) {
        return new Tuner(
                what,
                mean,
                value -> trials.of(arm, choice.apply(value)).stream()
                        .flatMap(outcome -> scores.apply(outcome).stream())
                        .toList(),
                extending);
    }
}
