package io.tessellate.engine.recipe;

import io.tessellate.engine.method.Avoidance;

/** What a training needs of the tasks that its model has learnt. */
public enum Lookback {
    /** Nothing. */
    NONE,
    /** Their heads and views, which are in the version: it is held to what they say about other inputs. */
    HEADS,
    /** What they were trained on as well. */
    EXAMPLES;

    static Lookback of(Recipe recipe) {
        if (recipe.replay().share() > 0 || recipe.elasticity() > 0 || recipe.avoid() != Avoidance.NONE) {
            return EXAMPLES;
        }
        return recipe.replay().distils() ? HEADS : NONE;
    }
}
