package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.BatchOrder;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.Learner;
import io.tessellate.engine.objective.ModelPasses;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.checkpoint.Pace;
import io.tessellate.engine.train.entries.LowRank;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.replay.Distillation;
import io.tessellate.engine.train.replay.Replay;
import io.tessellate.engine.train.replay.ReplayDraws;
import io.tessellate.engine.version.EarlierTask;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** What the phases of one run share: what follows from the job, and how to report, pause and keep checkpoints. */
final class RunContext {
    private final TrainingJob job;
    private final TrainingControl control;
    private final Backend backend;
    private final ModelPasses passes;
    private final Sha256 jobDigest;
    private final Seeds seeds;
    private final Replay replay;
    private final PhaseData own;
    private final PhaseData calibrating;
    private final Distillation distillation;
    private final Pace pace;

    RunContext(TrainingJob job, TrainingControl control, Backend backend, ModelPasses passes) {
        requirePackable(job);
        this.job = job;
        this.control = control;
        this.backend = backend;
        this.passes = passes;
        this.jobDigest = job.digest(backend);
        this.seeds = new Seeds(job.recipe().seed());
        this.replay = Replay.of(job.recipe(), job.learnt(), passes);
        this.own = PhaseData.own(job, seeds);
        this.calibrating = PhaseData.calibrating(job, seeds);
        requireDistillable(job);
        this.distillation = Distillation.of(
                job.recipe(), job.learnt(), passes, own.examples().train(), this::distilled);
        this.pace = new Pace(control.checkpointPolicy(), control.clock());
    }

    private static void requirePackable(TrainingJob job) {
        if (job.recipe().packing() && !job.data().objective().packable()) {
            throw new TessellateException(
                    ErrorCode.INVALID_RECIPE,
                    "packing is for generation, and %s is %s"
                            .formatted(job.data().task(), job.data().objective()));
        }
    }

    private static void requireDistillable(TrainingJob job) {
        if (job.recipe().distillShare() != 0 && job.data().objective().head().isEmpty()) {
            throw new TessellateException(
                    ErrorCode.INVALID_RECIPE,
                    "recipe field 'distillShare' is %s but must be 0 for generation, whose inputs no head reads"
                            .formatted(job.recipe().distillShare()));
        }
    }

    TrainingJob job() {
        return job;
    }

    Recipe recipe() {
        return job.recipe();
    }

    Sha256 jobDigest() {
        return jobDigest;
    }

    private PhaseData course(Phase phase) {
        return switch (phase) {
            case CALIBRATE -> calibrating;
            case TRANSFORM, TRAIN -> own;
        };
    }

    /** The head's values before training: the same in every phase that learns from the same task. */
    Head initialHead(Phase phase) {
        return course(phase).head(Encoder.features(job.parent().config()), seeds);
    }

    double epochs(Phase phase) {
        return switch (phase) {
            case CALIBRATE -> recipe().calibrationEpochs();
            case TRAIN -> recipe().epochs() * (1 - transformShare());
            case TRANSFORM -> recipe().epochs() * transformShare();
        };
    }

    /** Share of the steps in which all free weights are trained towards the mask. */
    double transformShare() {
        return recipe().rampShare() + recipe().holdShare();
    }

    BatchOrder order(Phase phase) {
        return course(phase).order(phase, recipe(), seeds, job.parent().config().maxPositions());
    }

    /** Steps of a phase. */
    long steps(Phase phase) {
        return order(phase).steps(epochs(phase));
    }

    /** Steps that a calibration takes; a single gradient is none. */
    long calibrationSteps() {
        return recipe().calibrationEpochs() == 0 ? 0 : steps(Phase.CALIBRATE);
    }

    /** The batches that a calibration looks at, at least one. */
    List<int[]> calibrationBatches() {
        return batches(Phase.CALIBRATE, Math.max(1, calibrationSteps()));
    }

    /** The examples that a calibration looks at. */
    ExampleGradients.Lesson calibrationLesson(Head head) {
        return new ExampleGradients.Lesson(calibrating.examples().train(), learner(Phase.CALIBRATE), head);
    }

    /** Examples of an earlier task's memory. */
    ExampleGradients.Lesson memoryLesson(EarlierTask task) {
        return new ExampleGradients.Lesson(
                Replay.memory(task, recipe().replayMemory()),
                task.data().objective().learner(passes),
                task.head());
    }

    /** Random numbers of the run for a purpose of their own. */
    SplittableRandom random(String purpose) {
        return new SplittableRandom(seeds.of(purpose).nextLong());
    }

    ReplayDraws draws(Phase phase) {
        return new ReplayDraws(
                recipe().replayShare() * recipe().batchSize(),
                recipe().replaySchedule(),
                steps(phase),
                replay.sizes(),
                seeds,
                "replay/" + phase.label());
    }

    /** What holds the earlier tasks' heads on the new task's inputs. */
    Distillation distillation() {
        return distillation;
    }

    /** Every batch of own inputs in a phase, step by step; none in a calibration by a single gradient or on another task. */
    private List<int[]> distilled(Phase phase) {
        boolean onAnother = phase == Phase.CALIBRATE && !recipe().maskFrom().isEmpty();
        return batches(phase, epochs(phase) == 0 || onAnother ? 0 : steps(phase));
    }

    private List<int[]> batches(Phase phase, long steps) {
        List<int[]> batches = new ArrayList<>();
        while (batches.size() < steps) {
            batches.addAll(order(phase).from(batches.size(), steps));
        }
        return batches;
    }

    private Learner learner(Phase phase) {
        return course(phase).data().objective().learner(passes);
    }

    /** What the earlier tasks need to stay as it is. */
    EarlierFisher earlierFisher() {
        return new EarlierFisher(job, passes, backend, this::stopIfAsked);
    }

    /** What a plan trains, from the parent's weights on. */
    TrainedEntries entries(MaskPlan plan, Weights parent) {
        if (plan instanceof MaskPlan.LowRank lowRank) {
            double scale = recipe().alpha() / recipe().rank();
            return LowRank.of(lowRank.matrices(), lowRank.start(), recipe().rank(), scale, parent, seeds);
        }
        return TrainedEntries.of(plan, parent.layout());
    }

    StepGradient stepGradient(Phase phase, TrainedEntries entries, Head head) {
        List<EncodedExample> train = course(phase).examples().train();
        return new StepGradient(recipe().microBatch(), train, learner(phase), replay, entries.gradients(backend), head);
    }

    /** Gradients of a lesson's examples alone. */
    StepGradient plainGradient(ExampleGradients.Lesson lesson, TrainedEntries entries) {
        return new StepGradient(
                recipe().microBatch(),
                lesson.examples(),
                lesson.learner(),
                replay,
                entries.gradients(backend),
                lesson.head());
    }

    /** What a step drops; a function of the seed. */
    Dropout dropout(Phase phase, long step) {
        if (recipe().dropout() == 0 && recipe().attentionDropout() == 0) {
            return Dropout.none();
        }
        long key = seeds.of("dropout/" + phase.label(), step).nextLong();
        return new Dropout(recipe().dropout(), recipe().attentionDropout(), key, 0);
    }

    /** Whether a phase is watched for the right moment to stop; only what is kept can be trained too long. */
    boolean watched(Phase phase) {
        return phase == Phase.TRAIN && !own.examples().held().isEmpty();
    }

    double heldOutLoss(Weights weights, Head head) {
        return learner(Phase.TRAIN).loss(weights, head, own.examples().held());
    }

    /** Keeps a checkpoint and stops with INTERRUPTED if the run was cancelled. */
    void pauseIfAsked(Supplier<Checkpoint> checkpoint) {
        if (control.cancelled().getAsBoolean()) {
            save(checkpoint.get());
            throw interrupted();
        }
    }

    /** Stops with INTERRUPTED if the run was cancelled; what was found out since the last checkpoint is lost. */
    void stopIfAsked() {
        if (control.cancelled().getAsBoolean()) {
            throw interrupted();
        }
    }

    private StoppedException interrupted() {
        return new StoppedException("run %s of %s was stopped and can be resumed"
                .formatted(job.run(), job.data().task()));
    }

    /** Reports a step, and keeps a checkpoint when one is due. */
    void progressed(Phase phase, long step, long steps, double loss, Supplier<Checkpoint> checkpoint) {
        double secondsLeft = pace.secondsLeft(step, steps);
        control.listener().progressed(new TrainingProgress(phase, step, steps, loss, secondsLeft));
        if (pace.checkpointDue()) {
            save(checkpoint.get());
        }
    }

    void startPhase() {
        pace.restart();
    }

    private void save(Checkpoint checkpoint) {
        control.checkpoints().save(checkpoint, job.parent().owned().space());
    }
}
