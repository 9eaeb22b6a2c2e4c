package io.tessellate.engine.race;

import io.tessellate.engine.recipe.Recipe;
import io.tessellate.method.MethodName;
import io.tessellate.recipe.RaceGrid;

/**
 * The learning rate at which a race begins, and which is taken where there is none: the method's rate, which suits hidden size
 * 128 and a density of 0.1, times (128 / hidden size)^1.25 for wider ones, and where a method has a mask, times (0.1 / density)^0.5 within a
 * factor of 4. The fewer weights move, the farther each has to; the wider a layer, the more its inputs add up. Precision
 * changes nothing, for what is trained is kept in 32 bits. How these were found: docs/methods/auto.md.
 */
public final class RatePrior {
    private static final double HIDDEN = 128;
    private static final double DENSITY = 0.1;
    private static final double WIDTH_POWER = 1.25;
    private static final double DENSITY_POWER = 0.5;
    private static final double MOST = 4;

    private RatePrior() {}

    /** The rate of full fine-tuning on a model so wide. */
    public static double ofFull(int hidden) {
        return RaceGrid.rounded(MethodName.FULL.rate() * width(hidden));
    }

    private static double width(int hidden) {
        return Math.min(1, Math.pow(HIDDEN / hidden, WIDTH_POWER));
    }

    /**
     * The rate for a recipe on a model.
     *
     * @param density of the recipe or, where that is raced, of a candidate
     */
    public static double of(Recipe recipe, int hidden, double density) {
        boolean masked = !recipe.methodName().claim().overwrites();
        double thinness = masked ? Math.pow(DENSITY / density, DENSITY_POWER) : 1;
        return RaceGrid.rounded(
                recipe.methodName().rate() * width(hidden) * Math.min(MOST, Math.max(1 / MOST, thinness)));
    }
}
