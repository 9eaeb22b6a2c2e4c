package io.tessellate.engine.experiment;

import io.tessellate.engine.train.Recipe;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One of the things compared.
 *
 * @param name what tables call it
 * @param protocol in what way it learns the tasks
 * @param first recipe fields in which the stream's first task differs from the later ones, its learning rate included
 * @param recipe recipe fields that differ from the plan's
 * @param learningRates rates to choose from by tuning
 */
public record Arm(
        String name,
        Protocol protocol,
        Map<String, Object> first,
        Map<String, Object> recipe,
        List<Double> learningRates) {
    /** Copies the collections and refuses an arm without a rate. */
    public Arm {
        first = Map.copyOf(first);
        recipe = Map.copyOf(recipe);
        learningRates = List.copyOf(learningRates);
        if (learningRates.isEmpty()) {
            throw new IllegalArgumentException("arm '" + name + "' needs at least one learning rate");
        }
    }

    /** The recipe of all tasks but, where {@link #first} says so, the first. */
    Recipe recipe(Map<String, Object> shared, double learningRate, long seed) {
        return Recipe.of(fields(shared, learningRate, seed));
    }

    /** The recipe of the task at a place in the stream, counted from 0. */
    Recipe recipe(Map<String, Object> shared, double learningRate, long seed, int task) {
        Map<String, Object> fields = fields(shared, learningRate, seed);
        if (task == 0) {
            fields.putAll(first);
        }
        return Recipe.of(fields);
    }

    private Map<String, Object> fields(Map<String, Object> shared, double learningRate, long seed) {
        Map<String, Object> fields = new HashMap<>(shared);
        fields.putAll(recipe);
        fields.put("learningRate", learningRate);
        fields.put("seed", seed);
        return fields;
    }

    /** What a result follows from besides the recipe; empty for the usual. */
    String variant() {
        return (protocol == Protocol.SEQUENCE ? "" : " " + protocol)
                + (first.isEmpty() ? "" : " first " + new TreeMap<>(first));
    }
}
