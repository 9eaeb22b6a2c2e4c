package io.tessellate.recipe;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.method.MethodName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a recipe: name, rule, default and meaning, each said once. The event of the same name has the same fields
 * (a test compares them), {@code push} a flag for each, and the engine an accessor.
 */
@SuppressWarnings(
        "ImmutableEnumChecker") // rules are records of immutable values, defaults are boxed numbers and strings
public enum RecipeField {
    PRESET(
            "preset",
            words("none", "lota-paper", "lotto-paper", "speft-paper", "dlth-paper"),
            "none",
            "A paper's recipe, whose values fields have that are left out: docs/methods/presets.md.",
            Stated.IF_CHANGED),
    METHOD("method", new FieldType.Words(MethodName.texts()), "expander", "How the weights are chosen: docs/methods."),
    DENSITY(
            "density",
            raced(Range.positiveShare(), new RaceGrid(0.1, 2, 0.05, 0.2)),
            0.1,
            "Share of the targeted weights that the task may own."),
    EPOCHS(
            "epochs",
            raced(Range.positiveTo(Range.MOST), new RaceGrid(3, 2, 0.75, 12)),
            3.0,
            "Passes over the train split in the final phase; fractions allowed."),
    MIN_STEPS(
            "minSteps",
            whole(0),
            0,
            "Least steps of the final phase, over at most 20 epochs, where epochs come to fewer. Left out it is 300 where epochs are left out, too, and earlier tasks are replayed or held on random inputs; else 0.",
            Stated.IF_CHANGED),
    CALIBRATION_EPOCHS(
            "calibrationEpochs",
            real(Range.between(0, Range.MOST)),
            0.0,
            "Passes over the train split before the mask is extracted; 0: one batch, ranked by gradient."),
    CALIBRATION_LEARNING_RATE(
            "calibrationLearningRate",
            real(Range.atLeast(0)),
            0.0,
            "Lottery tickets: peak learning rate of the calibration; 0: where a race for full fine-tuning's would begin on the model.",
            Stated.IF_CHANGED),
    CALIBRATION_OPTIMIZER(
            "calibrationOptimizer",
            words("same", "adamw", "rmsprop"),
            "same",
            "Lottery tickets: update rule of the calibration; same: that of the final phase.",
            Stated.IF_CHANGED),
    CALIBRATION_SCOPE(
            "calibrationScope",
            words("eligible", "all"),
            "eligible",
            "Lottery tickets: what the calibration trains: the weights that the mask may be chosen from, or every weight that no earlier task keeps.",
            Stated.IF_CHANGED),
    BATCH_SIZE("batchSize", new FieldType.Whole(Range.between(1, 65_536)), 16, "Examples per optimiser step."),
    LEARNING_RATE("learningRate", raced(Range.positive(), RaceGrid.OF_RATES), "auto", "Peak learning rate."),
    OPTIMIZER("optimizer", words("adamw", "rmsprop"), "adamw", "Update rule."),
    SCHEDULE("schedule", words("linear", "constant", "cosine"), "linear", "Course of the learning rate."),
    WARMUP_SHARE(
            "warmupShare",
            real(Range.share()),
            0.0,
            "Share of the steps over which the learning rate rises from zero."),
    WARMUP_STEPS("warmupSteps", whole(0), 0, "Number of steps over which the learning rate rises, instead of a share."),
    WEIGHT_DECAY("weightDecay", real(Range.atLeast(0)), 0.0, "Decoupled weight decay, on trained entries only."),
    CLIP_NORM("clipNorm", real(Range.atLeast(0)), 1.0, "Largest global L2 norm of a gradient; 0: no clipping."),
    CLIP_TENSOR_NORM(
            "clipTensorNorm",
            real(Range.atLeast(0)),
            0.0,
            "Largest L2 norm of one tensor's gradient, clipped before the global norm; 0: no clipping."),
    DROPOUT("dropout", real(Range.partialShare()), 0.0, "Share of hidden values dropped in training."),
    ATTENTION_DROPOUT(
            "attentionDropout",
            real(Range.partialShare()),
            0.0,
            "Share of attention probabilities dropped in training."),
    MICRO_BATCH(
            "microBatch",
            whole(0),
            0,
            "Most examples that go through the model at once; their gradients are added up to the step's. 0: all of a step."),
    RECOMPUTE(
            "recompute",
            new FieldType.Flag(),
            false,
            "Whether training keeps only the input of each layer and computes the rest again: less memory, more time, the same bits.",
            Stated.IF_CHANGED),
    BUCKET_WINDOW(
            "bucketWindow",
            whole(1),
            8,
            "Batches among which examples are exchanged so that those of one batch are of similar length; 1: none."),
    MAX_LENGTH("maxLength", whole(4), 128, "Tokens per example, longer ones are cut."),
    COMPLETION_LOSS(
            "completionLoss",
            words("mean", "sum"),
            "mean",
            "Generation: whether a step's loss is the mean over all tokens of its completions, or the sum over each completion's, the mean over completions.",
            Stated.IF_CHANGED),
    PACKING(
            "packing",
            new FieldType.Flag(),
            false,
            "Generation: several examples in one sequence, without attention between them."),
    SEED("seed", new FieldType.Seed(), 0L, "Seed of every random choice of the run."),
    REPLAY_SHARE(
            "replayShare",
            raced(Range.between(0, Range.MOST_SHARES), new RaceGrid(0.25, 2, 0.0625, 1)),
            0.25,
            "Examples of earlier tasks per step as a share of the batch size; 0: none."),
    REPLAY_MEMORY(
            "replayMemory",
            real(Range.positiveShare()),
            1.0,
            "Share of each earlier task's train split that replay draws from."),
    EXAMINED_SHARE(
            "examinedShare",
            real(Range.positiveShare()),
            0.1,
            "Share of each earlier task's train split whose gradients avoid, elasticity and a forecast look at, example by example.",
            Stated.IF_CHANGED),
    REPLAY_TARGETS(
            "replayTargets",
            words("logits", "labels"),
            "logits",
            "What replayed examples are held to: what the earlier task's own view says, or labels."),
    REPLAY_SCHEDULE(
            "replaySchedule",
            words("constant", "rising", "falling", "mixed"),
            "constant",
            "How replay goes over the steps: its share stays, rises or falls, the mean being replayShare; mixed: so many examples are shuffled among the own ones, each counting as much."),
    REPLAY_WEIGHT(
            "replayWeight",
            raced(Range.positive(), new RaceGrid(1, 2, 0.125, 8)),
            1.0,
            "Weight of the replayed examples beside the new task's: their mean loss counts so many times as much, in a mixture each of them so many times as much as an own one.",
            Stated.IF_CHANGED),
    DISTILL_SHARE(
            "distillShare",
            real(Range.between(0, Range.MOST_SHARES)),
            0.5,
            "Share of a step's own inputs on which an earlier task's head is held to what its own view says; 0 unless given where nothing is replayed beside the own batch, or packing is asked for."),
    PSEUDO_SHARE(
            "pseudoShare",
            real(Range.between(0, Range.MOST_SHARES)),
            0.0,
            "Pseudorehearsal: as many inputs of random tokens, as a share of the batch size, on which an earlier task's head is held to what its own view says.",
            Stated.IF_CHANGED),
    EXHAUSTION(
            "exhaustion",
            words("reject", "shrink", "overlap"),
            "reject",
            "When fewer weights are free than the density asks for: refuse, take what is free, or overwrite the least changed."),
    MASK_SCOPE(
            "maskScope",
            words("global", "tensor"),
            "global",
            "Whether weights are ranked over all tensors together, or the same share of each tensor is taken."),
    TARGETS(
            "targets",
            words("all", "attention", "qkv", "qv", "mlp"),
            "all",
            "Which of the eligible matrices the task may choose from."),
    TICKET_DENSITY(
            "ticketDensity",
            real(Range.partialShare()),
            0.0,
            "Density of a first ticket among whose weights the final ones are chosen by a second calibration; 0: none."),
    MASK_FROM(
            "maskFrom",
            new FieldType.CalibrationSource(),
            "",
            "Whose data calibrate the mask: an earlier task of the same model, MODEL/TASK for any dataset that was closed, or topic:TOPIC@PARTITION:FROM-TO,... for records of any topic; empty: the task's own."),
    REFRESHES(
            "refreshes",
            whole(0),
            0,
            "How often in the final phase the mask is chosen anew; the task owns all it touched."),
    AVOID(
            "avoid",
            words("none", "fisher", "conflict"),
            "none",
            "What tells the weights that matter to earlier tasks, which are then left out of the mask."),
    AVOID_SHARE(
            "avoidShare",
            real(Range.partialShare()),
            0.5,
            "Share that avoid leaves out: of the candidates, or of a mask that its structure fixes."),
    SHARED_MASK(
            "sharedMask",
            new FieldType.Flag(),
            false,
            "Expander masks: the same mask for all tensors of one shape instead of one of its own for each."),
    PARALLEL(
            "parallel",
            new FieldType.Flag(),
            false,
            "Whether the task trains beside other parallel tasks, from the same version; only for masks reserved before training."),
    RAMP_SHARE(
            "rampShare",
            real(Range.partialShare()),
            0.0,
            "Random sparse transformation: share of the steps over which the penalty on all other free weights rises."),
    HOLD_SHARE(
            "holdShare",
            real(Range.partialShare()),
            0.0,
            "Random sparse transformation: share of the steps for which the penalty is held before the rest is put back."),
    ELASTICITY(
            "elasticity",
            real(Range.atLeast(0)),
            0.0,
            "Elastic weight consolidation: strength of the pull to the parent's values, by what matters to earlier tasks."),
    RANK("rank", whole(1), 8, "Low-rank methods: rank of a matrix's change."),
    ALPHA("alpha", real(Range.positive()), 16.0, "Low-rank methods: the change is scaled by alpha / rank."),
    FEATURES(
            "features",
            words("token_and_mean", "token"),
            "token_and_mean",
            "What a head reads of a sequence: the first token's vector (a decoder's last) and the mean over all, or the token's alone, for which the highest layer is computed for that token only.",
            Stated.IF_CHANGED),
    PRECISION(
            "precision",
            words("fp32", "mixed", "auto"),
            "fp32",
            "In what precision a model's passes are computed, in training and when the task is scored: mixed multiplies bf16 numbers; auto is mixed where that is faster.",
            Stated.IF_CHANGED),
    VALUES("values", words("fp32", "bf16"), "fp32", "Precision in which the owned values are kept."),
    STOP_SHARE(
            "stopShare",
            real(Range.partialShare()),
            0.0,
            "Share of the train split held out to stop early by; 0: trains to the end."),
    STOP_PATIENCE(
            "stopPatience",
            whole(1),
            1,
            "Checks, one per epoch, without a lower loss on what is held out, after which training stops."),
    RACE_BUDGET(
            "raceBudget",
            real(Range.between(0, Range.MOST_SHARES)),
            0.5,
            "Most that the race for the fields left to auto may cost, as a share of the training's steps; 0: none is run.",
            Stated.IF_CHANGED);

    /** What a field holds that is left to a race among candidates. */
    public static final String AUTO = "auto";

    /** When a recipe's canonical text has a field. */
    private enum Stated {
        ALWAYS,
        /** Not with its default, so that a text from before there was the field stays the text of the same recipe. */
        IF_CHANGED
    }

    private final String text;
    private final FieldType rule;
    private final Object initial;
    private final String meaning;
    private final Stated stated;

    RecipeField(String text, FieldType rule, Object initial, String meaning) {
        this(text, rule, initial, meaning, Stated.ALWAYS);
    }

    RecipeField(String text, FieldType rule, Object initial, String meaning, Stated stated) {
        this.text = text;
        this.rule = rule;
        this.initial = initial;
        this.meaning = meaning;
        this.stated = stated;
    }

    private static FieldType real(Range range) {
        return new FieldType.Real(range);
    }

    private static FieldType raced(Range range, RaceGrid grid) {
        return new FieldType.Raced(real(range), grid);
    }

    private static FieldType whole(int least) {
        return new FieldType.Whole(Range.between(least, Range.MOST));
    }

    private static FieldType words(String... words) {
        return new FieldType.Words(List.of(words));
    }

    /** The name in manifests and recipes. */
    public String text() {
        return text;
    }

    /** What it may hold. */
    public FieldType rule() {
        return rule;
    }

    /** How candidates lie around where a race begins, if the field can be left to one. */
    public Optional<RaceGrid> grid() {
        return rule instanceof FieldType.Raced raced ? Optional.of(raced.grid()) : Optional.empty();
    }

    /** The default that methods share. */
    public Object initial() {
        return initial;
    }

    /** What it means, a sentence. */
    public String meaning() {
        return meaning;
    }

    /** Whether the canonical text of a recipe has the field if it holds this: later fields are left out with their default. */
    public boolean isStated(Object value) {
        return stated == Stated.ALWAYS || !initial.equals(value);
    }

    /** The field of that name, if there is one. */
    public static Optional<RecipeField> named(String text) {
        return Arrays.stream(values()).filter(field -> field.text.equals(text)).findFirst();
    }

    /** The value in the form in which it is kept; INVALID_RECIPE, naming field, value and rule, if it breaks the rule. */
    public Object canonical(Object value) {
        return rule.canonical(value).orElseThrow(() -> invalid(text, value, rule.rule()));
    }

    static TessellateException invalid(String name, Object value, String rule) {
        return new TessellateException(
                ErrorCode.INVALID_RECIPE, "recipe field '%s' is %s but %s".formatted(name, value, rule));
    }
}
