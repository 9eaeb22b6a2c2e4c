package io.tessellate.engine.recipe;

import io.tessellate.recipe.RecipeField;

/**
 * When a training ends before its last step.
 *
 * @param share of the train split that is held out to tell by; 0: it goes on to the end
 * @param patience checks in a row without a lower loss there, after which it ends
 */
public record StopRecipe(double share, int patience) {
    static StopRecipe of(RecipeValues values) {
        return new StopRecipe(values.real(RecipeField.STOP_SHARE), values.whole(RecipeField.STOP_PATIENCE));
    }
}
