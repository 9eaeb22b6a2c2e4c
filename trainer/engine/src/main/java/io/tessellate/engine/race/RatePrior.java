package io.tessellate.engine.race;

import io.tessellate.engine.recipe.Recipe;
import io.tessellate.method.MethodName;
import io.tessellate.recipe.RaceGrid;

/**
 * The learning rate at which a race begins, and which is taken where there is none: the method's rate, which suits hidden size 128, a
 * density of 0.1, 16 examples a step and some 75 steps, times
 * <ul>
 *   <li>(128 / hidden size)^1.25 for wider models: the wider a layer, the more its inputs add up;
 *   <li>where a method has a mask, (0.1 / density)^0.5: the fewer weights move, the farther each has to;
 *   <li>(examples per step / 16)^0.5, as adaptive optimisers scale (Malladi and others 2022,
 *       <a href="https://arxiv.org/abs/2205.10287">2205.10287</a>);
 *   <li>(75 / steps)^0.25 for shorter trainings, by which trials that are shorter than the training are scaled too;
 *   <li>where earlier tasks are replayed or held on random inputs, 150 / steps for longer trainings: in more steps a rate as high forgets as much or more.
 * </ul>
 * The last four stay within a factor of 4, 2, 2 and 2. Precision changes nothing, for what is trained is kept in 32 bits. How these were
 * found: docs/methods/auto.md. Who changes anything here raises {@link Race#RULES}.
 */
public final class RatePrior {
    private static final double HIDDEN = 128;
    private static final double DENSITY = 0.1;
    private static final double BATCH = 16;
    private static final double STEPS = 75;
    private static final double STEPS_OF_REHEARSAL = 150;
    private static final double WIDTH_POWER = 1.25;
    private static final double DENSITY_POWER = 0.5;
    private static final double BATCH_POWER = 0.5;

    /** By how much a rate rises for how much fewer the steps are. */
    public static final double STEPS_POWER = 0.25;

    private static final double MOST_BY_DENSITY = 4;
    private static final double MOST = 2;

    private RatePrior() {}

    /** The rate of full fine-tuning by a recipe's batches, in so many steps on a model so wide. */
    public static double ofFull(Recipe recipe, int hidden, long steps) {
        return RaceGrid.rounded(MethodName.FULL.rate() * course(recipe, hidden, steps));
    }

    /** What the model's width and the training's batches and steps make of a method's rate. */
    private static double course(Recipe recipe, int hidden, long steps) {
        double width = Math.min(1, Math.pow(HIDDEN / hidden, WIDTH_POWER));
        double batch = within(Math.pow(recipe.batchSize() / BATCH, BATCH_POWER), MOST);
        double brevity = Math.max(1, within(Math.pow(STEPS / steps, STEPS_POWER), MOST));
        return width * batch * brevity;
    }

    /**
     * The rate for a recipe on a model.
     *
     * @param density of the recipe or, where that is raced, of a candidate
     * @param steps that train what is kept
     */
    public static double of(Recipe recipe, int hidden, double density, long steps) {
        boolean masked = !recipe.methodName().claim().overwrites();
        double thinness = masked ? within(Math.pow(DENSITY / density, DENSITY_POWER), MOST_BY_DENSITY) : 1;
        double length = recipe.replay().rehearses() ? Math.min(1, within(STEPS_OF_REHEARSAL / steps, MOST)) : 1;
        return RaceGrid.rounded(recipe.methodName().rate() * thinness * length * course(recipe, hidden, steps));
    }

    private static double within(double factor, double most) {
        return Math.min(most, Math.max(1 / most, factor));
    }
}
