package io.tessellate.engine.train;

import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.ParameterTensor;
import io.tessellate.engine.model.Weights;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.optimizer.Optimizer;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import java.util.List;
import java.util.Optional;

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
    private LossMeter losses;
    private long step;

    PhaseTraining(RunContext run, Phase phase, TrainedEntries entries, Optional<Mask> calibrated, Weights weights) {
        this.run = run;
        this.phase = phase;
        this.entries = entries;
        this.calibrated = calibrated;
        this.weights = weights;
        this.head = run.initialHead();
        this.values = new float[entries.size() + head.values().length];
        this.gradient = new float[values.length];
        this.optimizer =
                run.recipe().optimizer().create(values.length, run.recipe().weightDecay());
        this.steps = run.order(phase).steps(run.epochs(phase));
        this.losses = new LossMeter(steps, LossMeter.State.start());
        entries.read(weights.vector(), values);
        System.arraycopy(head.values(), 0, values, entries.size(), head.values().length);
    }

    /** Goes on where a checkpoint was written. */
    void resume(Checkpoint checkpoint) {
        step = checkpoint.step();
        losses = new LossMeter(steps, checkpoint.losses());
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
        try (StepGradient source = run.stepGradient(entries.tensors(), head)) {
            while (step < steps) {
                for (int[] batch : order.from(step, steps)) {
                    run.pauseIfAsked(this::checkpoint);
                    take(source, batch, draws.next());
                    run.progressed(phase, step, steps, losses.smoothed(), this::checkpoint);
                }
            }
        }
    }

    private void take(StepGradient source, int[] batch, List<ReplayDraws.Draw> replayed) {
        Recipe recipe = run.recipe();
        double loss = source.compute(weights, head, batch, replayed);
        source.read(entries, gradient);
        double norm = GradientNorm.of(gradient);
        requireFinite(loss, norm);
        GradientNorm.clipInPlace(gradient, norm, recipe.clipNorm());
        double rate = recipe.learningRate() * recipe.schedule().factor(step, steps, recipe.warmupShare());
        optimizer.step(values, gradient, rate);
        apply();
        losses.add(step, loss);
        step++;
    }

    private void apply() {
        entries.assign(values, weights.vector());
        System.arraycopy(values, entries.size(), head.values(), 0, head.values().length);
    }

    private void requireFinite(double loss, double norm) {
        if (Double.isFinite(loss) && Double.isFinite(norm)) {
            return;
        }
        throw new TessellateException(
                ErrorCode.DIVERGED,
                "step %d of phase %s has loss %s and a gradient of norm %s, first not finite in tensor '%s'"
                        .formatted(step + 1, phase.label(), loss, norm, firstNotFinite()));
    }

    private String firstNotFinite() {
        for (int n = 0; n < entries.size(); n++) {
            if (!Float.isFinite(gradient[n])) {
                ParameterTensor tensor = FrozenWeights.tensorAt(weights.layout(), entries.position(n));
                return tensor.name();
            }
        }
        return "head";
    }

    private Checkpoint checkpoint() {
        return new Checkpoint(run.jobDigest(), phase, step, calibrated, losses.state(), values, optimizer.state());
    }

    Head head() {
        return head;
    }

    long steps() {
        return steps;
    }

    double finalLoss() {
        return losses.finalLoss();
    }
}
