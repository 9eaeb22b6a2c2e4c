package io.tessellate.engine.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.method.Exhaustion;
import io.tessellate.engine.optimizer.OptimizerKind;
import io.tessellate.engine.optimizer.Schedule;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How to train a task, with every default filled in. The fields are those of the event of the same name.
 *
 * @param method name of the method
 * @param density share of the eligible weights the task may own
 * @param epochs passes over the train split in the final phase; fractions allowed
 * @param calibrationEpochs passes before the mask is extracted; 0: one batch, ranked by gradient
 * @param batchSize examples per step
 * @param learningRate peak learning rate
 * @param optimizer update rule
 * @param schedule course of the learning rate
 * @param warmupShare share of the steps over which the rate rises; 0 where steps are given
 * @param warmupSteps number of steps over which the rate rises; 0 where a share is given
 * @param weightDecay decoupled decay of trained entries
 * @param clipNorm largest norm of the gradient; 0: no clipping
 * @param clipTensorNorm largest norm of one tensor's gradient, clipped before the whole; 0: no clipping
 * @param dropout share of hidden values that is dropped in training
 * @param microBatch most examples that go through the model at once, whose gradients are added up; 0: all of a step
 * @param bucketWindow batches among which examples are exchanged so that those of one batch are of similar length; 1: none
 * @param maxLength tokens per example
 * @param seed seed of every random choice
 * @param replayShare replayed examples per step as a share of the batch size; 0: none
 * @param replayMemory share of each earlier train split that replay draws from
 * @param replayTargets what replayed examples are held against
 * @param exhaustion what to do when too few weights are free
 * @param stopShare share of the train split that is held out to stop early by; 0: trains to the end
 * @param stopPatience checks in a row without a lower loss on what is held out, after which training stops
 */
public record Recipe(
        String method,
        double density,
        double epochs,
        double calibrationEpochs,
        int batchSize,
        double learningRate,
        OptimizerKind optimizer,
        Schedule schedule,
        double warmupShare,
        int warmupSteps,
        double weightDecay,
        double clipNorm,
        double clipTensorNorm,
        double dropout,
        int microBatch,
        int bucketWindow,
        int maxLength,
        long seed,
        double replayShare,
        double replayMemory,
        ReplayTargets replayTargets,
        Exhaustion exhaustion,
        double stopShare,
        int stopPatience) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Object> SHARED = Map.ofEntries(
            Map.entry("method", "lotto"),
            Map.entry("density", 0.1),
            Map.entry("epochs", 3.0),
            Map.entry("calibrationEpochs", 0.0),
            Map.entry("batchSize", 16),
            Map.entry("learningRate", 1e-3),
            Map.entry("optimizer", "adamw"),
            Map.entry("schedule", "linear"),
            Map.entry("warmupShare", 0.0),
            Map.entry("warmupSteps", 0),
            Map.entry("weightDecay", 0.0),
            Map.entry("clipNorm", 1.0),
            Map.entry("clipTensorNorm", 0.0),
            Map.entry("dropout", 0.0),
            Map.entry("microBatch", 0),
            Map.entry("bucketWindow", 8),
            Map.entry("maxLength", 128),
            Map.entry("seed", 0L),
            Map.entry("replayShare", 0.125),
            Map.entry("replayMemory", 0.1),
            Map.entry("replayTargets", "logits"),
            Map.entry("exhaustion", "reject"),
            Map.entry("stopShare", 0.0),
            Map.entry("stopPatience", 1));

    /** A recipe from the fields that are given; those left out get the method's defaults. */
    public static Recipe of(Map<String, ?> given) {
        Object name = given.containsKey("method") ? given.get("method") : SHARED.get("method");
        Map<String, Object> defaults = new HashMap<>(SHARED);
        defaults.putAll(MethodTable.named(String.valueOf(name)).defaults());
        RecipeFields fields = new RecipeFields(defaults, given);
        Recipe recipe = read(fields);
        fields.requireAllRead(SHARED.keySet());
        if (recipe.warmupShare > 0 && recipe.warmupSteps > 0) {
            throw RecipeFields.invalid("warmupSteps", recipe.warmupSteps, "must be 0 where warmupShare is given");
        }
        return recipe;
    }

    private static Recipe read(RecipeFields fields) {
        return new Recipe(
                (String) fields.take("method"),
                fields.real("density", Range.positiveShare()),
                fields.real("epochs", Range.positive()),
                fields.real("calibrationEpochs", Range.atLeast(0)),
                fields.whole("batchSize", Range.atLeast(1)),
                fields.real("learningRate", Range.positive()),
                fields.choice("optimizer", OptimizerKind.values()),
                fields.choice("schedule", Schedule.values()),
                fields.real("warmupShare", Range.share()),
                fields.whole("warmupSteps", Range.atLeast(0)),
                fields.real("weightDecay", Range.atLeast(0)),
                fields.real("clipNorm", Range.atLeast(0)),
                fields.real("clipTensorNorm", Range.atLeast(0)),
                fields.real("dropout", Range.partialShare()),
                fields.whole("microBatch", Range.atLeast(0)),
                fields.whole("bucketWindow", Range.atLeast(1)),
                fields.whole("maxLength", Range.atLeast(4)),
                fields.seed("seed"),
                fields.real("replayShare", Range.atLeast(0)),
                fields.real("replayMemory", Range.positiveShare()),
                fields.choice("replayTargets", ReplayTargets.values()),
                fields.choice("exhaustion", Exhaustion.values()),
                fields.real("stopShare", Range.partialShare()),
                fields.whole("stopPatience", Range.atLeast(1)));
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
        SortedMap<String, Object> fields = fields();
        fields.put(field, value);
        return of(fields);
    }

    /** Learning rate of a step counted from 0. */
    double rate(long step, long steps) {
        long warmup = warmupSteps > 0 ? warmupSteps : Math.round(warmupShare * steps);
        return learningRate * schedule.factor(step, steps, warmup);
    }

    /** The canonical text: all fields, sorted by name. */
    public String json() {
        try {
            return JSON.writeValueAsString(fields());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a recipe holds only text and numbers", e);
        }
    }

    /** All fields as plain values, sorted by name. */
    public SortedMap<String, Object> fields() {
        SortedMap<String, Object> fields = new TreeMap<>();
        fields.put("method", method);
        fields.put("density", density);
        fields.put("epochs", epochs);
        fields.put("calibrationEpochs", calibrationEpochs);
        fields.put("batchSize", batchSize);
        fields.put("learningRate", learningRate);
        fields.put("optimizer", optimizer.label());
        fields.put("schedule", schedule.label());
        fields.put("warmupShare", warmupShare);
        fields.put("warmupSteps", warmupSteps);
        fields.put("weightDecay", weightDecay);
        fields.put("clipNorm", clipNorm);
        fields.put("clipTensorNorm", clipTensorNorm);
        fields.put("dropout", dropout);
        fields.put("microBatch", microBatch);
        fields.put("bucketWindow", bucketWindow);
        fields.put("maxLength", maxLength);
        fields.put("seed", seed);
        fields.put("replayShare", replayShare);
        fields.put("replayMemory", replayMemory);
        fields.put("replayTargets", RecipeFields.label(replayTargets));
        fields.put("exhaustion", RecipeFields.label(exhaustion));
        fields.put("stopShare", stopShare);
        fields.put("stopPatience", stopPatience);
        return fields;
    }
}
