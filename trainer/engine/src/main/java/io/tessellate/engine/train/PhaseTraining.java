package io.tessellate.engine.train;

import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.Weights;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.optimizer.Optimizer;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Factors;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Trains some entries of the weights and the head for one phase. Encoder entries and head lie in one compact array, which
 * is all that the optimiser sees; after each step the entries are assigned to the weights.
 */
final class PhaseTraining {
    private final RunContext run;
    private final Phase phase;
    private final TrainedEntries entries;
    private final Optional<Mask> calibrated;
    private final Weights weights;
    private final Head head;
    private final float[] values;
    private final float[] gradient;
    private final Optimizer optimizer;
    private final long steps;
    private final FiniteCheck finite;
    private final int[] tensorStarts;
    private Pull pull = Pull.none();
    private LossMeter losses;
    private EarlyStop stop;
    private long step;

    PhaseTraining(
            RunContext run,
            Phase phase,
            TrainedEntries entries,
            Optional<Mask> calibrated,
            Weights weights,
            Head head) {
        this.run = run;
        this.phase = phase;
        this.entries = entries;
        this.calibrated = calibrated;
        this.weights = weights;
        this.head = head;
        this.values = new float[entries.size() + head.values().length];
        this.gradient = new float[values.length];
        this.optimizer =
                run.recipe().optimizer().create(values.length, run.recipe().weightDecay());
        this.steps = run.order(phase).steps(run.epochs(phase));
        this.losses = new LossMeter(steps, LossMeter.State.start());
        this.stop = new EarlyStop(run.recipe().stopPatience(), EarlyStop.State.start());
        this.finite = new FiniteCheck(phase, entries, weights.layout());
        this.tensorStarts = tensorStarts();
        entries.read(weights.vector(), values);
        System.arraycopy(head.values(), 0, values, entries.size(), head.values().length);
    }

    /** Lets something act on the values beside the loss. */
    void pulledBy(Pull acting) {
        pull = acting;
    }

    /** Goes on where a checkpoint was written. */
    void resume(Checkpoint checkpoint) {
        step = checkpoint.step();
        losses = new LossMeter(steps, checkpoint.losses());
        stop = new EarlyStop(run.recipe().stopPatience(), checkpoint.stop());
        System.arraycopy(checkpoint.values(), 0, values, 0, values.length);
        for (int slot = 0; slot < checkpoint.state().size(); slot++) {
            System.arraycopy(checkpoint.state().get(slot), 0, optimizer.state().get(slot), 0, values.length);
        }
        optimizer.resumeAt(step);
        apply();
    }

    void train() {
        BatchOrder order = run.order(phase);
        ReplayDraws draws = run.draws(phase);
        draws.skip(step);
        try (StepGradient source = run.stepGradient(entries, head)) {
            while (step < steps && !stop.over()) {
                for (int[] batch : order.from(step, steps)) {
                    run.pauseIfAsked(this::checkpoint);
                    take(source, batch, draws.next());
                    checkIfDue(order.batchesPerEpoch());
                    run.progressed(phase, step, steps, losses.smoothed(), this::checkpoint);
                }
            }
        }
        stop.restore(values);
        apply();
        finite.requireValues(values, step);
    }

    private void take(StepGradient source, int[] batch, List<ReplayDraws.Draw> replayed) {
        Recipe recipe = run.recipe();
        double loss = source.compute(weights, head, batch, replayed, run.dropout(phase, step));
        source.read(entries, values, gradient);
        pull.addGradient(values, gradient);
        double norm = GradientNorm.of(gradient);
        finite.requireStep(loss, norm, gradient, values, step);
        clip(norm);
        optimizer.step(values, gradient, recipe.rate(step, steps));
        pull.afterStep(values, step);
        apply();
        losses.add(step, loss);
        step++;
    }

    private void clip(double norm) {
        Recipe recipe = run.recipe();
        if (recipe.clipTensorNorm() == 0) {
            GradientNorm.clipInPlace(gradient, norm, recipe.clipNorm());
            return;
        }
        GradientNorm.clipEachInPlace(gradient, tensorStarts, recipe.clipTensorNorm());
        GradientNorm.clipInPlace(gradient, GradientNorm.of(gradient), recipe.clipNorm());
    }

    /** At the end of every epoch and of the phase. */
    private void checkIfDue(int stepsPerEpoch) {
        if (run.watched(phase) && (step % stepsPerEpoch == 0 || step == steps)) {
            stop.checked(run.heldOutLoss(weights, head), values);
        }
    }

    /** The tensors among the entries, then the head's weights and its biases. */
    private int[] tensorStarts() {
        IntStream ofHead = IntStream.of(entries.size(), values.length - head.labels());
        return IntStream.concat(IntStream.of(entries.starts()), ofHead).toArray();
    }

    private void apply() {
        entries.assign(values, weights.vector());
        System.arraycopy(values, entries.size(), head.values(), 0, head.values().length);
    }

    private Checkpoint checkpoint() {
        return new Checkpoint(
                run.jobDigest(), phase, step, calibrated, losses.state(), stop.state(), values, optimizer.state());
    }

    Head head() {
        return head;
    }

    /** The factors that were trained, if factors were. */
    List<Factors> factors() {
        return entries.factors(values);
    }

    /** Steps taken. */
    long steps() {
        return step;
    }

    double finalLoss() {
        return losses.finalLoss();
    }
}
