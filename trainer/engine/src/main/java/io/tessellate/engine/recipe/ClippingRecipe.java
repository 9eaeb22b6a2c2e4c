package io.tessellate.engine.recipe;

import io.tessellate.recipe.RecipeField;

/**
 * How long a gradient may be.
 *
 * @param norm of the whole; 0: no clipping
 * @param tensorNorm of one tensor's gradient, clipped before the whole; 0: no clipping
 */
public record ClippingRecipe(double norm, double tensorNorm) {
    static ClippingRecipe of(RecipeValues values) {
        return new ClippingRecipe(values.real(RecipeField.CLIP_NORM), values.real(RecipeField.CLIP_TENSOR_NORM));
    }
}
