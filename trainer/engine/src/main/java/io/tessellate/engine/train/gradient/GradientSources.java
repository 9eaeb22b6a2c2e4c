package io.tessellate.engine.train.gradient;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.forecast.EarlierConflict;
import io.tessellate.engine.method.Salience;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.Learner;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.curriculum.Curriculum;
import io.tessellate.engine.train.curriculum.PhaseData;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.replay.Distillation;
import io.tessellate.engine.train.replay.Rehearsal;
import io.tessellate.engine.train.replay.Replay;
import io.tessellate.engine.train.replay.ReplayDraws;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.engine.version.LearntTasks;
import java.util.List;
import java.util.Optional;

/** What may be asked of a run's examples: the gradients of its phases, and what those of its own and of earlier examples say about weights. */
public final class GradientSources {
    private final Curriculum curriculum;
    private final LearntTasks learnt;
    private final ModelPasses passes;
    private final Backend backend;
    private final Runnable pulse;
    private final Replay replay;
    private final RunDraws draws;
    private final Rehearsal rehearsal;
    private final Distillation distillation;

    /**
     * The sources of a run. Asks the views of the tasks that it looks back at.
     *
     * @param pulse called now and then where much is computed; may stop everything by throwing
     */
    public GradientSources(
            Curriculum curriculum, LearntTasks learnt, ModelPasses passes, Backend backend, Runnable pulse) {
        this(curriculum, learnt, passes, backend, pulse, Replay.of(curriculum.recipe(), learnt, passes));
    }

    /** The same with these memories. */
    public GradientSources(
            Curriculum curriculum,
            LearntTasks learnt,
            ModelPasses passes,
            Backend backend,
            Runnable pulse,
            Replay replay) {
        Recipe recipe = curriculum.recipe();
        this.curriculum = curriculum;
        this.learnt = learnt;
        this.passes = passes;
        this.backend = backend;
        this.pulse = pulse;
        this.replay = replay;
        this.draws = new RunDraws(curriculum, replay.sizes());
        this.rehearsal = replay.rehearsal(draws.drawn(), pulse);
        this.distillation = Distillation.of(
                recipe, learnt, passes, curriculum.data(Phase.TRAIN).examples().train(), curriculum::ownBatches, pulse);
    }

    /** The gradients of a phase that trains some entries and a head. */
    public PhaseGradients phase(Phase phase, TrainedEntries entries, Weights weights, Head head) {
        return new RunPhase(this, phase, entries, weights, head);
    }

    /** The gradient of a calibration's first batch with what is replayed beside it; of entries, then a block of the head. */
    public FloatBlocks first(TrainedEntries entries, Weights weights, Head head) {
        FloatBlocks gradient = FloatBlocks.zeros(entries.blocks()).then(List.of(new float[head.values().length]));
        try (StepGradient source = step(Phase.CALIBRATE, entries, head)) {
            Optional<Mixture> mixture = mixture(Phase.CALIBRATE);
            if (mixture.isPresent()) {
                int[] batch = mixture.get().order().epoch(0).get(0);
                mixture.get().compute(source, weights, head, batch, Dropout.none());
            } else {
                int[] batch = curriculum.order(Phase.CALIBRATE).epoch(0).get(0);
                source.compute(weights, head, batch, Dropout.none());
                replay(draws(Phase.CALIBRATE), weights, Dropout.none(), source);
            }
            source.read(entries, gradient);
        }
        return gradient;
    }

    /** How salient entries are by the examples of the calibration, one score each. */
    public FloatBlocks salience(Salience salience, TrainedEntries entries, Weights weights, Head head) {
        return new SalienceScores(this, weights, entries, head).of(salience);
    }

    /** How much a step against the calibration's gradient harms earlier tasks, one number per entry. */
    public FloatBlocks conflict(TrainedEntries entries, Weights weights, Head head) {
        return new GradientConflict(this, weights, entries).of(head);
    }

    /** How the own examples' gradient lies to those of the tasks that are looked back at, over some entries. */
    public List<EarlierConflict> angles(TrainedEntries entries, Weights weights, Head head) {
        return new GradientAngles(this, weights, entries).of(head);
    }

    /** What the earlier tasks need to stay as it is. */
    public EarlierFisher earlierFisher() {
        return new EarlierFisher(learnt, curriculum.recipe().replay().examined(), passes, backend, pulse);
    }

    /** The tasks that the run looks back at. */
    public LearntTasks learnt() {
        return learnt;
    }

    StepGradient step(Phase phase, TrainedEntries entries, Head head) {
        PhaseData data = curriculum.data(phase);
        return new StepGradient(
                curriculum.recipe().microBatch(),
                data.examples().train(),
                learner(phase),
                entries.gradients(backend),
                head);
    }

    /** What a phase learns from where earlier examples are shuffled among its own. */
    Optional<Mixture> mixture(Phase phase) {
        return curriculum.mixedExamples(phase) == 0
                ? Optional.empty()
                : Optional.of(new Mixture(curriculum, phase, replay, draws.mixed(phase), rehearsal));
    }

    /** Adds what a step replays beside its own batch: its mean loss counts as much as the recipe says. */
    void replay(ReplayDraws draws, Weights weights, Dropout dropout, StepGradient to) {
        rehearsal.add(
                draws.next(),
                weights,
                dropout,
                to.gradients(),
                curriculum.recipe().replay().weight());
    }

    ReplayDraws draws(Phase phase) {
        return draws.beside(phase);
    }

    Learner learner(Phase phase) {
        boolean summed = curriculum.recipe().sumsCompletions();
        return curriculum.data(phase).data().objective().learner(passes).summed(summed);
    }

    /** The examples that a calibration looks at. */
    ExampleBatches calibration(Head head) {
        return new ExampleBatches(
                curriculum.data(Phase.CALIBRATE).examples().train(),
                learner(Phase.CALIBRATE),
                head,
                curriculum.batches(Phase.CALIBRATE).toList());
    }

    /** The own examples. */
    ExampleBatches train(Head head) {
        return ExampleBatches.inOrder(
                curriculum.data(Phase.TRAIN).examples().train(),
                learner(Phase.TRAIN),
                head,
                curriculum.recipe().batchSize());
    }

    /** The examples of an earlier task that are looked at. */
    ExampleBatches examined(EarlierTask task) {
        Recipe recipe = curriculum.recipe();
        return ExampleBatches.inOrder(
                Replay.memory(task, recipe.replay().examined()),
                task.objective().learner(passes),
                task.head(),
                recipe.batchSize());
    }

    /** Gradients of these examples alone, at the values that the weights have when they are asked for. */
    ExampleGradients of(ExampleBatches batches, TrainedEntries entries, Weights weights) {
        StepGradient source = new StepGradient(
                curriculum.recipe().microBatch(),
                batches.examples(),
                batches.learner(),
                entries.gradients(backend),
                batches.head());
        return new ExampleGradients(source, entries, weights, batches, pulse);
    }

    Curriculum curriculum() {
        return curriculum;
    }

    Distillation distillation() {
        return distillation;
    }
}
