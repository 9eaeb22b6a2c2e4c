package io.tessellate.engine.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.method.Avoidance;
import io.tessellate.engine.method.MaskScope;
import io.tessellate.engine.method.TargetGroup;
import io.tessellate.engine.model.head.Features;
import io.tessellate.engine.model.pass.KeptActivations;
import io.tessellate.engine.optimizer.OptimizerKind;
import io.tessellate.engine.optimizer.Schedule;
import io.tessellate.engine.precision.Precision;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.method.MethodName;
import io.tessellate.recipe.RaceGrid;
import io.tessellate.recipe.RecipeField;
import io.tessellate.recipe.RecipeFields;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How to train a task, with every default filled in. What a field means and may hold stands in {@link RecipeField}; here
 * each has the accessor by which the engine reads it: a long file of the simplest methods, which splitting would not shorten.
 */
public final class Recipe {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SortedMap<String, Object> fields;

    private Recipe(SortedMap<String, Object> fields) {
        this.fields = Collections.unmodifiableSortedMap(fields);
    }

    /** A recipe from the fields that are given; those left out get the method's defaults. INVALID_RECIPE if one breaks a rule. */
    public static Recipe of(Map<String, ?> given) {
        return new Recipe(RecipeFields.complete(given));
    }

    /** Reads what {@link #json} wrote; fields left out get their defaults. */
    public static Recipe parse(String json) {
        try {
            return of(JSON.readValue(json, new TypeReference<Map<String, Object>>() {}));
        } catch (JsonProcessingException e) {
            throw new TessellateException(ErrorCode.INVALID_RECIPE, "recipe is no JSON object: " + json, e);
        }
    }

    /** This recipe with one field changed. */
    public Recipe with(String field, Object value) {
        Map<String, Object> changed = new HashMap<>(fields);
        changed.put(field, value);
        return of(changed);
    }

    /** The fields that are left to a race; empty once it has been run. */
    public List<RecipeField> raced() {
        return Arrays.stream(RecipeField.values()).filter(this::isRaced).toList();
    }

    private boolean isRaced(RecipeField field) {
        return field.grid().isPresent() && RecipeField.AUTO.equals(fields.get(field.text()));
    }

    /** Most that a race may cost, as a share of the training's steps. */
    public double raceBudget() {
        return (double) value(RecipeField.RACE_BUDGET);
    }

    /** Name of the method. */
    public String method() {
        return (String) value(RecipeField.METHOD);
    }

    /** The method's declaration: what it claims and which traits it has. */
    public MethodName methodName() {
        return MethodName.parse(method());
    }

    /** Share of the eligible weights the task may own. */
    public double density() {
        return (double) value(RecipeField.DENSITY);
    }

    /** Passes over the train split in the final phase; fractions allowed. */
    public double epochs() {
        return (double) value(RecipeField.EPOCHS);
    }

    /** Passes before the mask is extracted; 0: one batch, ranked by gradient. */
    public double calibrationEpochs() {
        return (double) value(RecipeField.CALIBRATION_EPOCHS);
    }

    /** Examples per step. */
    public int batchSize() {
        return (int) value(RecipeField.BATCH_SIZE);
    }

    /** Peak learning rate. */
    public double learningRate() {
        return (double) value(RecipeField.LEARNING_RATE);
    }

    /** Update rule. */
    public OptimizerKind optimizer() {
        return choice(OptimizerKind.class, RecipeField.OPTIMIZER);
    }

    /** Course of the learning rate. */
    public Schedule schedule() {
        return choice(Schedule.class, RecipeField.SCHEDULE);
    }

    /** Share of the steps over which the rate rises; 0 where steps are given. */
    public double warmupShare() {
        return (double) value(RecipeField.WARMUP_SHARE);
    }

    /** Number of steps over which the rate rises; 0 where a share is given. */
    public int warmupSteps() {
        return (int) value(RecipeField.WARMUP_STEPS);
    }

    /** Decoupled decay of trained entries. */
    public double weightDecay() {
        return (double) value(RecipeField.WEIGHT_DECAY);
    }

    /** Largest norm of the gradient; 0: no clipping. */
    public double clipNorm() {
        return (double) value(RecipeField.CLIP_NORM);
    }

    /** Largest norm of one tensor's gradient, clipped before the whole; 0: no clipping. */
    public double clipTensorNorm() {
        return (double) value(RecipeField.CLIP_TENSOR_NORM);
    }

    /** Share of hidden values that is dropped in training. */
    public double dropout() {
        return (double) value(RecipeField.DROPOUT);
    }

    /** Most examples that go through the model at once, whose gradients are added up; 0: all of a step. */
    public int microBatch() {
        return (int) value(RecipeField.MICRO_BATCH);
    }

    /** What a training pass keeps of its layers. */
    public KeptActivations kept() {
        return (boolean) value(RecipeField.RECOMPUTE) ? KeptActivations.LAYER_INPUTS : KeptActivations.ALL;
    }

    /** Batches among which examples are exchanged so that those of one batch are of similar length; 1: none. */
    public int bucketWindow() {
        return (int) value(RecipeField.BUCKET_WINDOW);
    }

    /** Tokens per example. */
    public int maxLength() {
        return (int) value(RecipeField.MAX_LENGTH);
    }

    /** Seed of every random choice. */
    public long seed() {
        return (long) value(RecipeField.SEED);
    }

    /** Replayed examples per step as a share of the batch size; 0: none. */
    public double replayShare() {
        return (double) value(RecipeField.REPLAY_SHARE);
    }

    /** Share of each earlier train split that replay draws from. */
    public double replayMemory() {
        return (double) value(RecipeField.REPLAY_MEMORY);
    }

    /** What replayed examples are held against. */
    public ReplayTargets replayTargets() {
        return choice(ReplayTargets.class, RecipeField.REPLAY_TARGETS);
    }

    /** What to do when too few weights are free. */
    public Exhaustion exhaustion() {
        return choice(Exhaustion.class, RecipeField.EXHAUSTION);
    }

    /** Share of the train split that is held out to stop early by; 0: trains to the end. */
    public double stopShare() {
        return (double) value(RecipeField.STOP_SHARE);
    }

    /** Checks in a row without a lower loss on what is held out, after which training stops. */
    public int stopPatience() {
        return (int) value(RecipeField.STOP_PATIENCE);
    }

    /** Share of attention probabilities that is dropped in training. */
    public double attentionDropout() {
        return (double) value(RecipeField.ATTENTION_DROPOUT);
    }

    /** Whether a generation task packs several examples into one sequence. */
    public boolean packing() {
        return (boolean) value(RecipeField.PACKING);
    }

    /** How the share of replay goes over the steps. */
    public ReplaySchedule replaySchedule() {
        return choice(ReplaySchedule.class, RecipeField.REPLAY_SCHEDULE);
    }

    /** Share of a step's own inputs on which an earlier task's head is held to its view; 0: none. */
    public double distillShare() {
        return (double) value(RecipeField.DISTILL_SHARE);
    }

    /** Among what weights are ranked. */
    public MaskScope maskScope() {
        return choice(MaskScope.class, RecipeField.MASK_SCOPE);
    }

    /** Which of the eligible matrices the task may choose from. */
    public TargetGroup targets() {
        return choice(TargetGroup.class, RecipeField.TARGETS);
    }

    /** Density of a first ticket among whose weights the final ones are chosen; 0: none. */
    public double ticketDensity() {
        return (double) value(RecipeField.TICKET_DENSITY);
    }

    /** Name of the earlier task whose data calibrate the mask; empty: the own. */
    public String maskFrom() {
        return (String) value(RecipeField.MASK_FROM);
    }

    /** How often in the final phase the mask is chosen anew. */
    public int refreshes() {
        return (int) value(RecipeField.REFRESHES);
    }

    /** What tells the weights that matter to earlier tasks. */
    public Avoidance avoid() {
        return choice(Avoidance.class, RecipeField.AVOID);
    }

    /** Share of the candidates, or of a mask that its structure fixes, that is left out for earlier tasks. */
    public double avoidShare() {
        return (double) value(RecipeField.AVOID_SHARE);
    }

    /** Whether all tensors of one shape have the same expander mask. */
    public boolean sharedMask() {
        return (boolean) value(RecipeField.SHARED_MASK);
    }

    /** Whether the task trains beside other parallel tasks, from the same version. */
    public boolean parallel() {
        return (boolean) value(RecipeField.PARALLEL);
    }

    /** Share of the steps over which the penalty on all other free weights rises. */
    public double rampShare() {
        return (double) value(RecipeField.RAMP_SHARE);
    }

    /** Share of the steps for which that penalty is held. */
    public double holdShare() {
        return (double) value(RecipeField.HOLD_SHARE);
    }

    /** Share of the steps in which all free weights are trained towards the mask. */
    public double transformShare() {
        return rampShare() + holdShare();
    }

    /** Strength of the pull to the parent's values. */
    public double elasticity() {
        return (double) value(RecipeField.ELASTICITY);
    }

    /** Rank of a matrix's change. */
    public int rank() {
        return (int) value(RecipeField.RANK);
    }

    /** The change is scaled by alpha / rank. */
    public double alpha() {
        return (double) value(RecipeField.ALPHA);
    }

    /** What of a sequence's last hidden vectors the task's head reads. */
    public Features features() {
        return choice(Features.class, RecipeField.FEATURES);
    }

    /** In what precision passes are computed. */
    public Precision precision() {
        return choice(Precision.class, RecipeField.PRECISION);
    }

    /** The same recipe on a backend: the precision is what it comes to there. */
    public Recipe on(Backend backend) {
        Precision settled = precision().on(backend);
        return settled == precision() ? this : with(RecipeField.PRECISION.text(), settled.label());
    }

    /** Precision in which the owned values are kept. */
    public ValuePrecision values() {
        return choice(ValuePrecision.class, RecipeField.VALUES);
    }

    /** Whether training needs what earlier tasks were trained on. */
    public boolean looksBack() {
        return replayShare() > 0
                || distillShare() > 0
                || elasticity() > 0
                || !maskFrom().isEmpty()
                || avoid() != Avoidance.NONE;
    }

    /** Learning rate of a step counted from 0. */
    public double rate(long step, long steps) {
        long warmup = warmupSteps() > 0 ? warmupSteps() : Math.round(warmupShare() * steps);
        return learningRate() * schedule().factor(step, steps, warmup);
    }

    /** The canonical text: all fields, sorted by name, without those that came later and have their default. */
    public String json() {
        try {
            return JSON.writeValueAsString(RecipeFields.stated(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a recipe holds only text, numbers and flags", e);
        }
    }

    /** All fields as plain values, sorted by name. */
    public SortedMap<String, Object> fields() {
        return new TreeMap<>(fields);
    }

    /** What a field holds. Of one that is left to a race: where that begins, and of the density the most it may come to. */
    private Object value(RecipeField field) {
        Object value = fields.get(field.text());
        if (!isRaced(field)) {
            return value;
        }
        RaceGrid grid = field.grid().orElseThrow();
        if (field == RecipeField.LEARNING_RATE) {
            return methodName().rate();
        }
        return field == RecipeField.DENSITY ? grid.most() : grid.prior();
    }

    private <E extends Enum<E>> E choice(Class<E> type, RecipeField field) {
        return Enum.valueOf(type, ((String) value(field)).toUpperCase(Locale.ROOT));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Recipe recipe && fields.equals(recipe.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return json();
    }
}
