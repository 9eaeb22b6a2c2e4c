package io.tessellate.engine.plan;

import io.tessellate.engine.recipe.Recipe;
import io.tessellate.recipe.RaceGrid;
import io.tessellate.recipe.RecipeField;

/** The recipe that takes most memory among those that a race may come to: what it leaves open has the largest value of its grid. */
public final class LargestRecipe {
    private LargestRecipe() {}

    /** A recipe that leaves nothing open. Its epochs are those of the first trial: more of them take no more memory. */
    public static Recipe of(Recipe recipe) {
        Recipe largest = recipe;
        for (RecipeField field : recipe.raced()) {
            RaceGrid grid = field.grid().orElseThrow();
            largest = largest.with(field.text(), field == RecipeField.EPOCHS ? grid.prior() : grid.most());
        }
        return largest;
    }
}
