package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.Learner;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.race.Measurement;
import io.tessellate.engine.race.RatePrior;
import io.tessellate.engine.race.Trials;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.ReplayTargets;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.curriculum.HeldOutSplit;
import io.tessellate.engine.train.gradient.GradientSources;
import io.tessellate.engine.train.replay.Distillation;
import io.tessellate.engine.train.replay.EarlierLoss;
import io.tessellate.engine.train.replay.Replay;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.method.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The trials of a run's race. Each begins at the parent's weights and trains on what is not held out of train, by the same
 * schedule in fewer steps, at a rate that is higher by the fourth root of how many fewer: so that what is too much for a whole training shows. A mask that looks at data is found by one batch. Measured on what is held out, and on examples of
 * earlier tasks that no trial rehearses.
 */
final class RaceTrials implements Trials {
    private static final double HELD_SHARE = 0.2;
    private static final int MOST_HELD = 64;
    /** Most examples of an earlier task by which what it loses is measured. */
    static final int MOST_OF_EACH = 32;

    private static final int LEAST_OF_EACH = 4;
    private static final int GROUP = 8;

    /** Forward and backward cost three times what forward alone does. */
    private static final double TRAINED = 3;

    private final TrainingJob job;
    private final ModelPasses passes;
    private final Backend backend;
    private final RaceWatch watch;
    private final HeldOutSplit split;
    private final Replay rehearsed;
    private final EarlierLoss earlier;
    private final double[] before;
    private final double untrained;
    private final double scale;
    private final double overhead;

    /**
     * Trials about to start. Asks the earlier tasks' views, which are moved.
     *
     * @param job whose recipe has the prior's values
     */
    RaceTrials(TrainingJob job, ModelPasses passes, Backend backend, RaceWatch watch) {
        this.job = job;
        this.passes = passes;
        this.backend = backend;
        this.watch = watch;
        int train = job.data().train().size();
        double held = Math.min(MOST_HELD, Math.rint(HELD_SHARE * train));
        this.split = HeldOutSplit.of(
                job.data().train(), held / train, new Seeds(job.recipe().seed()));
        Replay replay = Replay.of(job.recipe(), job.learnt(), passes);
        int replayed = replay.sizes().length;
        Replay.Split parts = replay.split(ofEach(replayed));
        this.rehearsed = parts.rehearsed();
        this.earlier = replayed > 0 ? parts.measured() : onInputs();
        Weights parent = job.parent().views().union();
        this.before = earlier.of(parent);
        this.untrained = learner().loss(parent, head(), split.held());
        this.scale = scale();
        this.overhead = (2.0 * earlier.examples() + split.held().size()) / units(job.recipe());
    }

    private static int ofEach(int tasks) {
        return Math.min(MOST_OF_EACH, Math.max(LEAST_OF_EACH, MOST_HELD / Math.max(1, tasks)));
    }

    private EarlierLoss onInputs() {
        return job.recipe().replay().distils()
                ? EarlierLoss.onInputs(
                        job.learnt(), split.held(), ofEach(job.earlier().size()), passes)
                : EarlierLoss.none(passes);
    }

    private Head head() {
        TrainingJob part = job.on(split.train());
        return Curriculum.of(simple(job.recipe()), part.data(), part.learnt()).initialHead(Phase.TRAIN);
    }

    /** What the new task's loss is held against: that of the best constant answer, or of the model before it is trained. */
    private double scale() {
        double loss = job.data().objective().constantLoss(split.train()).orElse(untrained);
        return loss > 0 ? loss : 1;
    }

    private Learner learner() {
        return job.data().objective().learner(passes);
    }

    @Override
    public Measurement run(SortedMap<String, Double> values, double share) {
        Recipe recipe = shortened(values, share);
        TrainingJob trial = job.with(recipe).on(split.train());
        Curriculum curriculum = Curriculum.of(recipe, trial.data(), trial.learnt());
        try {
            Optional<Checkpoint> resumed = watch.begin(trial, Math.max(scale, untrained));
            GradientSources gradients =
                    new GradientSources(curriculum, trial.learnt(), passes, backend, watch::stopIfAsked, rehearsed);
            Weights parent = job.parent().views().union();
            try (Weights weights = parent.copy()) {
                var loop = new TrainingLoop(recipe, gradients, watch, weights, resumed);
                PhaseTraining training = new TrainingRun(trial, curriculum, gradients, loop, parent).trial();
                Measurement measurement = measured(training, weights, cost(with(values), training.steps()));
                watch.end();
                return measurement;
            }
        } catch (TessellateException e) {
            if (e.code() != ErrorCode.DIVERGED) {
                throw e;
            }
            return Measurement.diverged(watch.end(), cost(values, share));
        }
    }

    private Measurement measured(PhaseTraining training, Weights weights, double cost) {
        List<EncodedExample> held = split.held();
        int groups = (held.size() + GROUP - 1) / GROUP;
        List<Double> own = new ArrayList<>();
        for (int g = 0; g < groups; g++) {
            List<EncodedExample> group = held.subList(g * held.size() / groups, (g + 1) * held.size() / groups);
            own.add(learner().loss(weights, training.head(), group) / scale);
        }
        double[] after = earlier.of(weights);
        List<Double> rises = IntStream.range(0, after.length)
                .mapToObj(part -> after[part] - before[part])
                .toList();
        DoubleStream all = DoubleStream.concat(
                own.stream().mapToDouble(Double::doubleValue), rises.stream().mapToDouble(Double::doubleValue));
        return all.allMatch(Double::isFinite)
                ? new Measurement(training.steps(), cost, own, rises)
                : Measurement.diverged(training.steps(), cost);
    }

    /** The recipe of a trial: what would take time of its own is left out, and there are fewer steps at a higher rate. */
    private Recipe shortened(SortedMap<String, Double> values, double share) {
        Recipe candidate = with(values);
        double steps = Math.max(1, steps(candidate, share));
        double batches = Curriculum.of(simple(candidate), job.on(split.train()).data(), job.learnt())
                .batchesPerEpoch(Phase.TRAIN);
        return simple(candidate)
                .with("epochs", steps / batches)
                .with("minSteps", 0)
                .with("learningRate", candidate.learningRate() * Math.pow(share, -RatePrior.STEPS_POWER));
    }

    private static Recipe simple(Recipe recipe) {
        Recipe simple = recipe;
        for (Map.Entry<String, Object> field : Map.<String, Object>of(
                        "calibrationEpochs",
                        0,
                        "ticketDensity",
                        0,
                        "refreshes",
                        0,
                        "avoid",
                        "none",
                        "rampShare",
                        0,
                        "holdShare",
                        0,
                        "stopShare",
                        0)
                .entrySet()) {
            simple = simple.with(field.getKey(), field.getValue());
        }
        return simple;
    }

    private Recipe with(SortedMap<String, Double> values) {
        Recipe candidate = job.recipe();
        for (Map.Entry<String, Double> value : values.entrySet()) {
            candidate = candidate.with(value.getKey(), value.getValue());
        }
        return candidate;
    }

    /** Whole steps, rounded down: what is rounded up would cost more than the race may. */
    private long steps(Recipe candidate, double share) {
        long whole = Curriculum.of(simple(candidate), job.data(), job.learnt()).steps(Phase.TRAIN);
        return (long) Math.floor(share * whole + 1e-9);
    }

    @Override
    public double cost(SortedMap<String, Double> values, double share) {
        Recipe candidate = with(values);
        return cost(candidate, steps(candidate, share));
    }

    private double cost(Recipe candidate, long steps) {
        double trained = steps * units(candidate);
        double measured = split.held().size() + earlier.examples();
        double mask = candidate.methodName().has(Trait.LOOKS_AT_DATA) ? units(candidate) : 0;
        double consolidated = candidate.elasticity() == 0 ? 0 : TRAINED * examined(candidate);
        return (trained + measured + mask + consolidated) / units(job.recipe());
    }

    /** What a step costs, in examples that go forward; replay and distillation ask views as well, where there is an earlier task. */
    private double units(Recipe recipe) {
        double beside = recipe.replay().mixes() || job.learnt().remembered().isEmpty()
                ? 0
                : recipe.replay().share();
        double distilled = Distillation.hasTeacher(job.earlier())
                ? recipe.replay().distillShare() + recipe.replay().pseudoShare()
                : 0;
        double asked = recipe.replay().targets() == ReplayTargets.LABELS ? 0 : beside;
        return recipe.batchSize() * (TRAINED * (1 + beside + distilled) + asked + distilled);
    }

    private double examined(Recipe recipe) {
        return job.earlier().stream()
                .mapToDouble(
                        task -> recipe.replay().examined() * task.examples().size())
                .sum();
    }

    @Override
    public double overhead() {
        return overhead;
    }

    @Override
    public int heldOut() {
        return split.held().size();
    }

    @Override
    public int earlierHeldOut() {
        return earlier.examples();
    }
}
