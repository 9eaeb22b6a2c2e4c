package io.tessellate.engine.train;

import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.checkpoint.EarlyStop;
import io.tessellate.engine.train.checkpoint.LossMeter;
import io.tessellate.engine.train.checkpoint.PhaseSegment;
import io.tessellate.engine.train.entries.FiniteCheck;
import io.tessellate.engine.train.entries.Penalty;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.gradient.GradientSource;
import io.tessellate.engine.train.gradient.PhaseGradients;
import io.tessellate.engine.train.gradient.Validation;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.Factors;
import java.util.List;
import java.util.Optional;

/** The training loop: takes the steps of one segment of a phase, each checked for what is not finite, clipped and counted. */
final class PhaseTraining {
    private final Recipe recipe;
    private final PhaseSegment segment;
    private final TrainedValues trained;
    private final PhaseGradients gradients;
    private final PhaseWatch watch;
    private final FloatBlocks gradient;
    private final FiniteCheck finite;
    private final List<int[]> tensorStarts;
    private Checkpoint.Past past = Checkpoint.Past.none();
    private Penalty penalty = Penalty.none();
    private LossMeter losses;
    private EarlyStop stop;
    private long step;

    /** A training about to start. */
    PhaseTraining(
            Recipe recipe, PhaseSegment segment, TrainedValues trained, PhaseGradients gradients, PhaseWatch watch) {
        this.recipe = recipe;
        this.segment = segment;
        this.trained = trained;
        this.gradients = gradients;
        this.watch = watch;
        this.step = segment.from();
        this.gradient = trained.values().zeros();
        this.losses = new LossMeter(segment.steps(), LossMeter.State.start());
        this.stop = new EarlyStop(recipe.stop().patience(), EarlyStop.State.start());
        this.finite = new FiniteCheck(
                segment.phase(), trained.entries(), trained.weights().layout());
        this.tensorStarts = trained.tensorStarts();
    }

    /** Goes on counting where an earlier segment of the same phase ended; state and checks begin anew. */
    void follow(PhaseTraining earlier) {
        losses = new LossMeter(segment.steps(), earlier.losses.state());
    }

    /** Lets something act on the values beside the loss. */
    void penalisedBy(Penalty acting) {
        penalty = acting;
    }

    /** Says what came before, for checkpoints. */
    void after(Checkpoint.Past earlier) {
        past = earlier;
    }

    /** Goes on where a checkpoint was written. */
    void resume(Checkpoint checkpoint) {
        step = checkpoint.step();
        losses = new LossMeter(segment.steps(), checkpoint.losses());
        stop = new EarlyStop(recipe.stop().patience(), checkpoint.stop());
        trained.resume(checkpoint, step - segment.from());
    }

    void train() {
        Optional<Validation> validation = gradients.validation();
        try (GradientSource source = gradients.from(step)) {
            while (step < segment.to() && !stop.over()) {
                watch.pauseIfAsked(this::checkpoint);
                take(source);
                validation.filter(check -> check.due(step)).ifPresent(this::check);
                watch.progressed(segment.phase(), step, segment.steps(), losses.smoothed(), this::checkpoint);
            }
        }
        if (segment.isLast() || stop.over()) {
            stop.restore(trained.values());
        }
        trained.assign();
        finite.requireValues(trained.values(), step);
    }

    private void take(GradientSource source) {
        FloatBlocks values = trained.values();
        double loss = source.compute(step);
        source.read(values, gradient);
        penalty.addGradient(values, gradient);
        double norm = GradientNorm.of(gradient);
        finite.requireStep(loss, norm, gradient, values, step);
        clip(norm);
        trained.step(gradient, recipe.rate(step, segment.steps()), source.head());
        penalty.afterStep(values, step);
        trained.assign();
        losses.add(step, loss);
        step++;
    }

    private void clip(double norm) {
        if (recipe.clipping().tensorNorm() == 0) {
            GradientNorm.clipInPlace(gradient, norm, recipe.clipping().norm());
            return;
        }
        GradientNorm.clipEachInPlace(gradient, tensorStarts, recipe.clipping().tensorNorm());
        GradientNorm.clipInPlace(
                gradient, GradientNorm.of(gradient), recipe.clipping().norm());
    }

    private void check(Validation validation) {
        stop.checked(validation.loss().getAsDouble(), trained.values());
    }

    private Checkpoint checkpoint(Sha256 job) {
        return new Checkpoint(
                job,
                segment.phase(),
                segment.part(),
                step,
                past,
                losses.state(),
                stop.state(),
                trained.values(),
                trained.state());
    }

    PhaseSegment segment() {
        return segment;
    }

    /** The head that was trained; of several the first. */
    Head head() {
        return trained.heads().get(0);
    }

    /** What is trained beside the head. */
    TrainedEntries entries() {
        return trained.entries();
    }

    /** The factors that were trained, if factors were. */
    List<Factors> factors() {
        return trained.entries().factors(trained.values());
    }

    /** Whether it ended early for good. */
    boolean over() {
        return stop.over();
    }

    /** Steps taken in the phase. */
    long steps() {
        return step;
    }

    double finalLoss() {
        return losses.finalLoss();
    }
}
