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
import io.tessellate.engine.precision.ValuePrecision;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.method.MethodName;
import io.tessellate.recipe.RecipeField;
import io.tessellate.recipe.RecipeFields;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How to train a task, with every default filled in. What a field means and may hold stands in {@link RecipeField}; here
 * each has an accessor by which the engine reads it, or a place in the record of its concern.
 */
public final class Recipe {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RecipeValues values;

    private Recipe(SortedMap<String, Object> fields) {
        this.values = new RecipeValues(fields);
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
        Map<String, Object> changed = fields();
        changed.put(field, value);
        return of(changed);
    }

    /** The fields that are left to a race; empty once it has been run. */
    public List<RecipeField> raced() {
        return values.raced();
    }

    /** Most that a race may cost, as a share of the training's steps. */
    public double raceBudget() {
        return values.real(RecipeField.RACE_BUDGET);
    }

    /** Name of the method. */
    public String method() {
        return values.text(RecipeField.METHOD);
    }

    /** The method's declaration: what it claims and which traits it has. */
    public MethodName methodName() {
        return MethodName.parse(method());
    }

    /** Share of the eligible weights the task may own. */
    public double density() {
        return values.real(RecipeField.DENSITY);
    }

    /** Passes over the train split in the final phase, each of so many batches; fractions allowed. */
    public double epochs(int batches) {
        return values.epochs(batches);
    }

    /** How a mask is found that looks at data. */
    public CalibrationRecipe calibration() {
        return CalibrationRecipe.of(values);
    }

    /** Examples per step. */
    public int batchSize() {
        return values.whole(RecipeField.BATCH_SIZE);
    }

    /** Peak learning rate. */
    public double learningRate() {
        return values.real(RecipeField.LEARNING_RATE);
    }

    /** Update rule. */
    public OptimizerKind optimizer() {
        return values.choice(OptimizerKind.class, RecipeField.OPTIMIZER);
    }

    /** Course of the learning rate. */
    public Schedule schedule() {
        return values.choice(Schedule.class, RecipeField.SCHEDULE);
    }

    /** Decoupled decay of trained entries. */
    public double weightDecay() {
        return values.real(RecipeField.WEIGHT_DECAY);
    }

    /** How long a gradient may be. */
    public ClippingRecipe clipping() {
        return ClippingRecipe.of(values);
    }

    /** Share of hidden values that is dropped in training. */
    public double dropout() {
        return values.real(RecipeField.DROPOUT);
    }

    /** Most examples that go through the model at once, whose gradients are added up; 0: all of a step. */
    public int microBatch() {
        return values.whole(RecipeField.MICRO_BATCH);
    }

    /** What a training pass keeps of its layers. */
    public KeptActivations kept() {
        return values.flag(RecipeField.RECOMPUTE) ? KeptActivations.LAYER_INPUTS : KeptActivations.ALL;
    }

    /** Batches among which examples are exchanged so that those of one batch are of similar length; 1: none. */
    public int bucketWindow() {
        return values.whole(RecipeField.BUCKET_WINDOW);
    }

    /** Tokens per example. */
    public int maxLength() {
        return values.whole(RecipeField.MAX_LENGTH);
    }

    /** Seed of every random choice. */
    public long seed() {
        return (long) values.of(RecipeField.SEED);
    }

    /** How earlier tasks are rehearsed. */
    public ReplayRecipe replay() {
        return ReplayRecipe.of(values);
    }

    /** How all free weights are trained towards the mask before it alone is. */
    public TransformationRecipe transformation() {
        return TransformationRecipe.of(values);
    }

    /** What to do when too few weights are free. */
    public Exhaustion exhaustion() {
        return values.choice(Exhaustion.class, RecipeField.EXHAUSTION);
    }

    /** When a training ends before its last step. */
    public StopRecipe stop() {
        return StopRecipe.of(values);
    }

    /** Share of attention probabilities that is dropped in training. */
    public double attentionDropout() {
        return values.real(RecipeField.ATTENTION_DROPOUT);
    }

    /** Whether a completion's loss is the sum over its tokens. */
    public boolean sumsCompletions() {
        return values.text(RecipeField.COMPLETION_LOSS).equals("sum");
    }

    /** Whether a generation task packs several examples into one sequence. */
    public boolean packing() {
        return values.flag(RecipeField.PACKING);
    }

    /** Among what weights are ranked. */
    public MaskScope maskScope() {
        return values.choice(MaskScope.class, RecipeField.MASK_SCOPE);
    }

    /** Which of the eligible matrices the task may choose from. */
    public TargetGroup targets() {
        return values.choice(TargetGroup.class, RecipeField.TARGETS);
    }

    /** How often in the final phase the mask is chosen anew. */
    public int refreshes() {
        return values.whole(RecipeField.REFRESHES);
    }

    /** What tells the weights that matter to earlier tasks. */
    public Avoidance avoid() {
        return values.choice(Avoidance.class, RecipeField.AVOID);
    }

    /** Share of the candidates, or of a mask that its structure fixes, that is left out for earlier tasks. */
    public double avoidShare() {
        return values.real(RecipeField.AVOID_SHARE);
    }

    /** Whether all tensors of one shape have the same expander mask. */
    public boolean sharedMask() {
        return values.flag(RecipeField.SHARED_MASK);
    }

    /** Whether the task trains beside other parallel tasks, from the same version. */
    public boolean parallel() {
        return values.flag(RecipeField.PARALLEL);
    }

    /** Strength of the pull to the parent's values. */
    public double elasticity() {
        return values.real(RecipeField.ELASTICITY);
    }

    /** What thin factors are like, where weights are trained through them. */
    public FactorRecipe factors() {
        return FactorRecipe.of(values);
    }

    /** What of a sequence's last hidden vectors the task's head reads. */
    public Features features() {
        return values.choice(Features.class, RecipeField.FEATURES);
    }

    /** In what precision passes are computed. */
    public Precision precision() {
        return values.choice(Precision.class, RecipeField.PRECISION);
    }

    /** The same recipe on a backend: the precision is what it comes to there. */
    public Recipe on(Backend backend) {
        Precision settled = precision().on(backend);
        return settled == precision() ? this : with(RecipeField.PRECISION.text(), settled.label());
    }

    /** Precision in which the owned values are kept. */
    public ValuePrecision values() {
        return values.choice(ValuePrecision.class, RecipeField.VALUES);
    }

    /** What training needs of earlier tasks, beside one that its mask is calibrated on. */
    public Lookback lookback() {
        return Lookback.of(this);
    }

    /** Learning rate of a step counted from 0. */
    public double rate(long step, long steps) {
        int given = values.whole(RecipeField.WARMUP_STEPS);
        long warmup = given > 0 ? given : Math.round(values.real(RecipeField.WARMUP_SHARE) * steps);
        return learningRate() * schedule().factor(step, steps, warmup);
    }

    /** The canonical text: all fields, sorted by name, without those that came later and have their default. */
    public String json() {
        try {
            return JSON.writeValueAsString(RecipeFields.stated(values.fields()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a recipe holds only text, numbers and flags", e);
        }
    }

    /** All fields as plain values, sorted by name. */
    public SortedMap<String, Object> fields() {
        return new TreeMap<>(values.fields());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Recipe recipe && values.equals(recipe.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return json();
    }
}
