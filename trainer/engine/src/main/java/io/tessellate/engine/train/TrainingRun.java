package io.tessellate.engine.train;

import io.tessellate.engine.method.Calibration;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.method.MaskRequest;
import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.Salience;
import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.ParameterLayout;
import io.tessellate.engine.model.Weights;
import io.tessellate.mask.Mask;
import io.tessellate.mask.Scores;
import java.util.Optional;
import java.util.SplittableRandom;

/** One training from the parent's weights to the adapter. */
final class TrainingRun {
    private final RunContext run;
    private final Weights parent;
    private final Weights weights;
    private final Optional<Checkpoint> resumed;
    private Optional<Mask> calibrated = Optional.empty();
    private long steps;

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
    }

    TrainingOutcome train() {
        MaskPlan plan = plan();
        TrainedEntries entries = run.entries(plan, parent);
        Head head = run.transformShare() == 0 ? run.initialHead() : transformed(plan);
        PhaseTraining training = phase(Phase.TRAIN, entries, head);
        training.pulledBy(elastic(entries));
        training.train();
        run.recipe().values().keep(entries, weights.vector());
        FrozenWeights.requireUnchanged(parent, weights, entries);
        return new TrainingOutcome(
                AdapterBuilder.build(run.job(), plan, weights, training.head(), training.factors()),
                steps + training.steps(),
                training.finalLoss());
    }

    /** Trains all free weights towards the mask, unless that was done before the run was stopped; the head afterwards. */
    private Head transformed(MaskPlan plan) {
        SparseTransformation transformation = SparseTransformation.of(run, plan, parent, weights);
        steps += run.order(Phase.TRANSFORM).steps(run.epochs(Phase.TRANSFORM));
        if (resumed.filter(checkpoint -> checkpoint.phase() == Phase.TRAIN).isPresent()) {
            return run.initialHead();
        }
        PhaseTraining training = phase(Phase.TRANSFORM, transformation.entries(), run.initialHead());
        training.pulledBy(transformation.pull());
        training.train();
        transformation.remove();
        return training.head();
    }

    private Pull elastic(TrainedEntries entries) {
        if (run.recipe().elasticity() == 0 || run.job().earlier().isEmpty()) {
            return Pull.none();
        }
        float[] anchor = new float[entries.size()];
        entries.read(parent.vector(), anchor);
        return new ElasticPull(
                run.recipe().elasticity(), anchor, run.earlierFisher().of(entries));
    }

    private MaskPlan plan() {
        Optional<Mask> found = resumed.flatMap(Checkpoint::mask);
        if (found.isPresent()) {
            calibrated = found;
            steps = run.calibrationSteps();
            return MaskPlan.Entries.of(found.get());
        }
        Recipe recipe = run.recipe();
        Method method = MethodTable.named(recipe.method());
        MaskRequest request = new MaskRequest(
                run.job().parent().owned(),
                recipe.density(),
                recipe.exhaustion(),
                run.job().grant());
        Evidence evidence = new Evidence();
        MaskPlan plan = method.plan(request, evidence);
        if (evidence.costly && plan instanceof MaskPlan.Entries entries) {
            calibrated = Optional.of(entries.mask());
        }
        return plan;
    }

    /** What the method finds out; what was costly to find out is kept with the checkpoint. */
    private final class Evidence implements Calibration {
        private boolean costly;

        @Override
        public Scores scores(Mask candidates) {
            costly = true;
            return calibrate(candidates);
        }

        @Override
        public Scores salience(Salience salience, Mask candidates) {
            costly |= !salience.blind();
            TrainedEntries entries = TrainedEntries.of(MaskPlan.Entries.of(candidates), layout());
            run.startPhase();
            SalienceScores scoring = new SalienceScores(run, weights, entries);
            float[] scores = scoring.of(salience);
            steps += salience.blind() ? 0 : scoring.steps();
            return TrainingRun.scores(candidates, scores);
        }

        @Override
        public SplittableRandom random() {
            return run.random("mask");
        }
    }

    /** Trains the candidates on trial, or takes a single gradient, and puts the parent's values back. */
    private Scores calibrate(Mask candidates) {
        TrainedEntries entries = TrainedEntries.of(MaskPlan.Entries.of(candidates), layout());
        float[] before = new float[entries.size()];
        entries.read(parent.vector(), before);
        float[] change = run.recipe().calibrationEpochs() == 0 ? gradient(entries) : change(entries, before);
        return scores(candidates, change);
    }

    private float[] change(TrainedEntries entries, float[] before) {
        PhaseTraining trial = phase(Phase.CALIBRATE, entries, run.initialHead());
        trial.train();
        steps += trial.steps();
        float[] change = new float[entries.size()];
        entries.read(weights.vector(), change);
        for (int n = 0; n < change.length; n++) {
            change[n] = Math.abs(change[n] - before[n]);
        }
        entries.assign(before, weights.vector());
        return change;
    }

    private float[] gradient(TrainedEntries entries) {
        Head head = run.initialHead();
        float[] gradient = new float[entries.size() + head.values().length];
        try (StepGradient source = run.stepGradient(entries, head)) {
            int[] batch = run.order(Phase.CALIBRATE).epoch(0).get(0);
            source.compute(weights, head, batch, run.draws(Phase.CALIBRATE).next());
            source.read(entries, gradient);
        }
        for (int n = 0; n < gradient.length; n++) {
            gradient[n] = Math.abs(gradient[n]);
        }
        return gradient;
    }

    private static Scores scores(Mask candidates, float[] change) {
        float[][] byTensor = new float[candidates.space().tensorCount()][];
        int[] next = {0};
        for (int t = 0; t < byTensor.length; t++) {
            float[] tensor = new float[candidates.space().tensor(t).size()];
            candidates.forEach(t, index -> tensor[index] = change[next[0]++]);
            byTensor[t] = tensor;
        }
        return (tensor, index) -> byTensor[tensor][index];
    }

    private PhaseTraining phase(Phase phase, TrainedEntries entries, Head head) {
        run.startPhase();
        PhaseTraining training = new PhaseTraining(run, phase, entries, calibrated, weights, head);
        resumed.filter(checkpoint -> checkpoint.phase() == phase).ifPresent(training::resume);
        return training;
    }

    private ParameterLayout layout() {
        return weights.layout();
    }
}
