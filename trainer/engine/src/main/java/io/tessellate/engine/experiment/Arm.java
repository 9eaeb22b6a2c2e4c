package io.tessellate.engine.experiment;

import io.tessellate.engine.train.Recipe;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One of the things compared.
 *
 * @param name what tables call it
 * @param recipe recipe fields that differ from the plan's
 * @param learningRates rates to choose from by tuning
 */
public record Arm(String name, Map<String, Object> recipe, List<Double> learningRates) {
    /** Copies both collections and refuses an arm without a rate. */
    public Arm {
        recipe = Map.copyOf(recipe);
        learningRates = List.copyOf(learningRates);
        if (learningRates.isEmpty()) {
            throw new IllegalArgumentException("arm '" + name + "' needs at least one learning rate");
        }
    }

    Recipe recipe(Map<String, Object> shared, double learningRate, long seed) {
        Map<String, Object> fields = new HashMap<>(shared);
        fields.putAll(recipe);
        fields.put("learningRate", learningRate);
        fields.put("seed", seed);
        return Recipe.of(fields);
    }
}
