package io.tessellate.engine.train;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.Dropout;
import io.tessellate.engine.model.Encoder;
import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** What the phases of one run share: what follows from the job, and how to report, pause and keep checkpoints. */
final class RunContext {
    private final TrainingJob job;
    private final TrainingControl control;
    private final Backend backend;
    private final Learners learners;
    private final Sha256 jobDigest;
    private final Seeds seeds;
    private final Replay replay;
    private final HeldOut examples;
    private final Pace pace;

    RunContext(TrainingJob job, TrainingControl control, Backend backend, Learners learners) {
        requirePackable(job);
        this.job = job;
        this.control = control;
        this.backend = backend;
        this.learners = learners;
        this.jobDigest = job.digest();
        this.seeds = new Seeds(job.recipe().seed());
        this.replay = Replay.of(job, learners);
        this.examples = HeldOut.of(job.data().train(), recipe().stopShare(), seeds);
        this.pace = new Pace(control.checkpointPolicy(), control.clock());
    }

    private static void requirePackable(TrainingJob job) {
        if (job.recipe().packing() && job.data().objective() != Objective.GENERATION) {
            throw new TessellateException(
                    ErrorCode.INVALID_RECIPE,
                    "packing is for generation, and %s is %s"
                            .formatted(job.data().task(), job.data().objective()));
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

    /** The head's values before training: the same in every phase. A regression starts at the mean target. */
    Head initialHead() {
        if (job.data().objective() == Objective.GENERATION) {
            return Head.none();
        }
        int features = Encoder.features(job.parent().config());
        Head head = Head.initial(job.data().labels(), features, seeds.of("head"));
        if (job.data().objective() == Objective.REGRESSION) {
            double mean = examples.train().stream()
                    .mapToDouble(EncodedExample::target)
                    .average()
                    .orElseThrow();
            head.values()[head.values().length - 1] = (float) mean;
        }
        return head;
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
        int[] lengths =
                examples.train().stream().mapToInt(EncodedExample::length).toArray();
        Packs packs = recipe().packing() ? packs(lengths, phase) : Packs.single(lengths.length);
        return new BatchOrder(packs, lengths, recipe().batchSize(), recipe().bucketWindow(), seeds, phase.label());
    }

    private Packs packs(int[] lengths, Phase phase) {
        int room = Math.min(recipe().maxLength(), job.parent().config().maxPositions());
        int window = Math.multiplyExact(recipe().batchSize(), recipe().bucketWindow());
        return Packs.of(lengths, room, window, seeds.of("packs/" + phase.label()));
    }

    /** Steps that a calibration takes; a single gradient is none. */
    long calibrationSteps() {
        return recipe().calibrationEpochs() == 0 ? 0 : order(Phase.CALIBRATE).steps(recipe().calibrationEpochs());
    }

    /** Random numbers of the run for a purpose of their own. */
    SplittableRandom random(String purpose) {
        return new SplittableRandom(seeds.of(purpose).nextLong());
    }

    ReplayDraws draws(Phase phase) {
        return new ReplayDraws(
                recipe().replayShare() * recipe().batchSize(), replay.sizes(), seeds, "replay/" + phase.label());
    }

    private Learner learner() {
        return learners.of(job.data().objective());
    }

    /** What the earlier tasks need to stay as it is. */
    EarlierFisher earlierFisher() {
        return new EarlierFisher(job, learners, backend, this::stopIfAsked);
    }

    /** What a plan trains, from the parent's weights on. */
    TrainedEntries entries(MaskPlan plan, Weights parent) {
        if (plan instanceof MaskPlan.LowRank lowRank) {
            double scale = recipe().alpha() / recipe().rank();
            return LowRank.of(lowRank.matrices(), lowRank.start(), recipe().rank(), scale, parent, seeds);
        }
        return TrainedEntries.of(plan, parent.layout());
    }

    StepGradient stepGradient(TrainedEntries entries, Head head) {
        return new StepGradient(
                recipe().microBatch(), examples.train(), learner(), replay, entries.gradients(backend), head);
    }

    /** What a step drops; a function of the seed. */
    Dropout dropout(Phase phase, long step) {
        if (recipe().dropout() == 0) {
            return Dropout.none();
        }
        long key = seeds.of("dropout/" + phase.label(), step).nextLong();
        return new Dropout(recipe().dropout(), key, 0);
    }

    /** Whether a phase is watched for the right moment to stop; only what is kept can be trained too long. */
    boolean watched(Phase phase) {
        return phase == Phase.TRAIN && !examples.held().isEmpty();
    }

    double heldOutLoss(Weights weights, Head head) {
        return learner().loss(weights, head, examples.held());
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

    private TessellateException interrupted() {
        return new TessellateException(
                ErrorCode.INTERRUPTED,
                "run %s of %s was stopped and can be resumed"
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
