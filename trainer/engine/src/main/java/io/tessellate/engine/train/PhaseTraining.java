package io.tessellate.engine.train;

import io.tessellate.engine.data.BatchOrder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.optimizer.Optimizer;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.checkpoint.EarlyStop;
import io.tessellate.engine.train.checkpoint.LossMeter;
import io.tessellate.engine.train.checkpoint.PhaseSegment;
import io.tessellate.engine.train.entries.FiniteCheck;
import io.tessellate.engine.train.entries.Penalty;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.replay.ReplayDraws;
import io.tessellate.mask.adapter.Factors;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trains some entries of the weights and the head for one phase. Encoder entries and head lie in one compact array, which
 * is all that the optimiser sees; after each step the entries are assigned to the weights.
 */
final class PhaseTraining {
    private final RunContext run;
    private final PhaseSegment stretch;
    private final TrainedEntries entries;
    private final Checkpoint.Past past;
    private final Weights weights;
    private final Head head;
    private final float[] values;
    private final float[] gradient;
    private final Optimizer optimizer;
    private final FiniteCheck finite;
    private final int[] tensorStarts;
    private Penalty pull = Penalty.none();
    private LossMeter losses;
    private EarlyStop stop;
    private long step;

    /**
     * A training about to start.
     *
     * @param past for checkpoints: what came before
     * @param weights its entries are trained
     * @param head trained too
     */
    PhaseTraining(
            RunContext run,
            PhaseSegment stretch,
            TrainedEntries entries,
            Checkpoint.Past past,
            Weights weights,
            Head head) {
        this.run = run;
        this.stretch = stretch;
        this.entries = entries;
        this.past = past;
        this.weights = weights;
        this.head = head;
        this.step = stretch.from();
        this.values = new float[entries.size() + head.values().length];
        this.gradient = new float[values.length];
        this.optimizer =
                run.recipe().optimizer().create(values.length, run.recipe().weightDecay());
        this.losses = new LossMeter(stretch.steps(), LossMeter.State.start());
        this.stop = new EarlyStop(run.recipe().stopPatience(), EarlyStop.State.start());
        this.finite = new FiniteCheck(stretch.phase(), entries, weights.layout());
        this.tensorStarts = tensorStarts();
        entries.read(weights.vector(), values);
        System.arraycopy(head.values(), 0, values, entries.size(), head.values().length);
    }

    /** Goes on counting where an earlier stretch of the same phase ended; state and checks begin anew. */
    void follow(PhaseTraining earlier) {
        losses = new LossMeter(stretch.steps(), earlier.losses.state());
    }

    /** Lets something act on the values beside the loss. */
    void pulledBy(Penalty acting) {
        pull = acting;
    }

    /** Goes on where a checkpoint was written. */
    void resume(Checkpoint checkpoint) {
        step = checkpoint.step();
        losses = new LossMeter(stretch.steps(), checkpoint.losses());
        stop = new EarlyStop(run.recipe().stopPatience(), checkpoint.stop());
        System.arraycopy(checkpoint.values(), 0, values, 0, values.length);
        for (int slot = 0; slot < checkpoint.state().size(); slot++) {
            System.arraycopy(checkpoint.state().get(slot), 0, optimizer.state().get(slot), 0, values.length);
        }
        optimizer.resumeAt(step - stretch.from());
        apply();
    }

    void train() {
        Phase phase = stretch.phase();
        BatchOrder order = run.order(phase);
        ReplayDraws draws = run.draws(phase);
        draws.skip(step);
        try (StepGradient source = run.stepGradient(phase, entries, head)) {
            while (step < stretch.to() && !stop.over()) {
                for (int[] batch : order.from(step, stretch.to())) {
                    run.pauseIfAsked(this::checkpoint);
                    take(source, batch, draws.next());
                    checkIfDue(order.batchesPerEpoch());
                    run.progressed(phase, step, stretch.steps(), losses.smoothed(), this::checkpoint);
                }
            }
        }
        if (stretch.isLast() || stop.over()) {
            stop.restore(values);
        }
        apply();
        finite.requireValues(values, step);
    }

    private void take(StepGradient source, int[] batch, List<ReplayDraws.Draw> replayed) {
        Recipe recipe = run.recipe();
        Phase phase = stretch.phase();
        double loss = source.compute(weights, head, batch, replayed, run.dropout(phase, step));
        source.add(run.distillation(), phase, step, batch, weights, run.dropout(phase, step));
        source.read(entries, values, gradient);
        pull.addGradient(values, gradient);
        double norm = GradientNorm.of(gradient);
        finite.requireStep(loss, norm, gradient, values, step);
        clip(norm);
        optimizer.step(values, gradient, recipe.rate(step, stretch.steps()));
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
        if (run.watched(stretch.phase()) && (step % stepsPerEpoch == 0 || step == stretch.steps())) {
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
                run.jobDigest(),
                stretch.phase(),
                stretch.part(),
                step,
                past,
                losses.state(),
                stop.state(),
                values,
                optimizer.state());
    }

    Head head() {
        return head;
    }

    /** What is trained beside the head. */
    TrainedEntries entries() {
        return entries;
    }

    /** The factors that were trained, if factors were. */
    List<Factors> factors() {
        return entries.factors(values);
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
