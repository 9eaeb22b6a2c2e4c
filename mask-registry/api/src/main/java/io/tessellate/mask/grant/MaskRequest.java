package io.tessellate.mask.grant;

import io.tessellate.recipe.Preset;
import io.tessellate.recipe.RecipeField;
import io.tessellate.recipe.RecipeFields;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a run asks the registry to reserve.
 *
 * @param method method of the recipe
 * @param density share of the eligible weights
 * @param exhaustion what to do when fewer are free
 * @param sharedMask expander masks: one mask for all tensors of one shape
 * @param parallelFrom of a task that is trained beside others, the version they all train on; empty: trained by itself, on
 *     the newest
 */
public record MaskRequest(
        String method, double density, Exhaustion exhaustion, boolean sharedMask, OptionalInt parallelFrom) {
    /** A mask of its own for every tensor, trained by itself. */
    public static MaskRequest of(String method, double density, Exhaustion exhaustion) {
        return new MaskRequest(method, density, exhaustion, false, OptionalInt.empty());
    }

    /**
     * What a recipe will ask for, by the fields that its manifest gives; the others have their defaults. A density is taken
     * as the share of all eligible weights, which it is unless targets or refreshes say otherwise.
     *
     * @throws io.tessellate.error.TessellateException INVALID_RECIPE if a field breaks its rule
     */
    public static MaskRequest ofRecipe(Map<String, ?> asked) {
        Map<String, Object> given = Preset.expanded(asked);
        boolean parallel = (boolean) field(given, RecipeField.PARALLEL);
        return new MaskRequest(
                (String) field(given, RecipeField.METHOD),
                RecipeFields.most(RecipeField.DENSITY, field(given, RecipeField.DENSITY)),
                Exhaustion.parse((String) field(given, RecipeField.EXHAUSTION)),
                (boolean) field(given, RecipeField.SHARED_MASK),
                parallel ? OptionalInt.of(0) : OptionalInt.empty());
    }

    private static Object field(Map<String, ?> given, RecipeField field) {
        Object value = given.get(field.text());
        return value == null ? field.initial() : field.canonical(value);
    }
}
