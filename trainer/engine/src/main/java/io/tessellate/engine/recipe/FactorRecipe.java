package io.tessellate.engine.recipe;

import io.tessellate.recipe.RecipeField;

/**
 * The thin factors by whose product a matrix changes.
 *
 * @param rank of the change
 * @param alpha the change is scaled by alpha / rank
 */
public record FactorRecipe(int rank, double alpha) {
    static FactorRecipe of(RecipeValues values) {
        return new FactorRecipe(values.whole(RecipeField.RANK), values.real(RecipeField.ALPHA));
    }

    /** What the product is multiplied with. */
    public double scale() {
        return alpha / rank;
    }
}
