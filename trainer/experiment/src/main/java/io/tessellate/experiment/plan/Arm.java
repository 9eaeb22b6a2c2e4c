package io.tessellate.experiment.plan;

import io.tessellate.engine.recipe.Recipe;
import io.tessellate.experiment.plan.Job.Choice;
import io.tessellate.recipe.RecipeField;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One of the things compared: a row of the tables.
 *
 * @param name what tables call it
 * @param family what it has in common with the other arms of its sweep; without a sweep its name
 * @param swept what it differs in from those, as numbers or words by field
 * @param protocol in what way it learns the tasks
 * @param first recipe fields in which the stream's first task differs from the later ones, its learning rate included
 * @param recipe recipe fields that differ from the plan's
 * @param learningRates rates to choose from by tuning; none: each task of each run races for its own, or has its preset's
 * @param strengths values of {@code elasticity} to choose from by tuning, after the rate; none: the recipe's
 * @param merge how tasks are merged, for {@link Protocol#MERGE} alone
 * @param within the weights that tasks are given, all of which they train; null: each finds its own
 */
public record Arm(
        String name,
        String family,
        Map<String, Object> swept,
        Protocol protocol,
        Map<String, Object> first,
        Map<String, Object> recipe,
        List<Double> learningRates,
        List<Double> strengths,
        @Nullable MergePlan merge,
        @Nullable GivenMask within) {
    /** Copies the collections and refuses an arm without a rate where no race can find one, or with a merge that its protocol knows nothing of. */
    public Arm {
        swept = Map.copyOf(swept);
        first = Map.copyOf(first);
        recipe = Map.copyOf(recipe);
        learningRates = List.copyOf(learningRates);
        strengths = List.copyOf(strengths);
        if (learningRates.isEmpty() && protocol == Protocol.JOINT) {
            throw new IllegalArgumentException(
                    "arm '" + name + "' needs at least one learning rate, for tasks learnt at once run no race");
        }
        if (within != null && within.isFirst() && protocol != Protocol.SEQUENCE
                || within != null && protocol == Protocol.JOINT) {
            throw new IllegalArgumentException(
                    "arm '%s' learns by %s, which knows no mask within which to learn".formatted(name, protocol));
        }
        if ((protocol == Protocol.MERGE) != (merge != null)) {
            throw new IllegalArgumentException("arm '" + name + "' must say how to merge if, and only if, it merges");
        }
    }

    /** The first of its rates; null: each task races for its own. */
    public @Nullable Double firstRate() {
        return learningRates.isEmpty() ? null : learningRates.get(0);
    }

    /** What its tuning begins with. */
    public Choice firstChoice() {
        return new Choice(
                firstRate(),
                merge == null ? 1 : merge.scales().get(0),
                strengths.isEmpty() ? null : strengths.get(0),
                merge == null ? null : merge.firstKeep());
    }

    /** The recipe of all tasks but, where {@link #first} says so, the first. */
    public Recipe recipe(Map<String, Object> shared, Choice choice, long seed) {
        return Recipe.of(fields(shared, choice, seed));
    }

    /** The recipe of the task at a place in the stream, counted from 0. */
    public Recipe recipe(Map<String, Object> shared, Choice choice, long seed, int task) {
        Map<String, Object> fields = fields(shared, choice, seed);
        if (task == 0) {
            fields.putAll(first);
        }
        return Recipe.of(fields);
    }

    private Map<String, Object> fields(Map<String, Object> shared, Choice choice, long seed) {
        Map<String, Object> fields = new HashMap<>(shared);
        fields.putAll(recipe);
        if (choice.strength() != null) {
            fields.put(RecipeField.ELASTICITY.text(), choice.strength());
        }
        if (choice.rate() != null) {
            fields.put(RecipeField.LEARNING_RATE.text(), choice.rate());
        } else if (!fields.containsKey(RecipeField.PRESET.text())) {
            fields.put(RecipeField.LEARNING_RATE.text(), RecipeField.AUTO);
        }
        fields.put("seed", seed);
        return fields;
    }

    /** What its first task differs in, sorted; empty for the usual. */
    public Map<String, Object> differences() {
        return new TreeMap<>(first);
    }
}
