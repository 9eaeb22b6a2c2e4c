package io.tessellate.engine.recipe;

import io.tessellate.recipe.RecipeField;

/**
 * How all free weights are trained towards a mask before the mask alone is.
 *
 * @param rampShare share of the steps over which the penalty on all other free weights rises
 * @param holdShare share of the steps for which that penalty is held
 */
public record TransformationRecipe(double rampShare, double holdShare) {
    static TransformationRecipe of(RecipeValues values) {
        return new TransformationRecipe(values.real(RecipeField.RAMP_SHARE), values.real(RecipeField.HOLD_SHARE));
    }

    /** Share of the steps in which all free weights are trained towards the mask; 0: none. */
    public double share() {
        return rampShare + holdShare;
    }
}
