package io.tessellate.worker;

import io.tessellate.dataset.manifest.RecipeValues;
import io.tessellate.engine.recipe.Recipe;
import org.jspecify.annotations.Nullable;

/** From the recipe of a manifest, in which null means the method's default, to the engine's. */
final class RecipeReader {
    private RecipeReader() {}

    /**
     * The recipe with every default filled in. Fields have the same names on both sides.
     *
     * @throws io.tessellate.error.TessellateException INVALID_RECIPE, naming field, value and rule
     */
    static Recipe read(io.tessellate.event.@Nullable Recipe recipe) {
        return Recipe.of(RecipeValues.given(recipe));
    }
}
